package org.etascope.dashboards;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.etascope.core.BaselineRule;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.prometheus.PrometheusEndpoint;

/** One worker of a run that is spread over several processes: trains (makes up losses), serves, and waits to be ended. */
final class Worker {
    static final double SHARED_BASELINE = 10.8249;
    static final ModelSize SIZE = new ModelSize(1_234_567, 16);

    private Worker() {}

    /**
     * Trains worker number {@code args[0]}, prints where it is served, and ends with its standard input.
     *
     * @param args the worker's number
     */
    public static void main(String[] args) throws IOException {
        try (RunMonitor monitor = trained(Integer.parseInt(args[0]));
                PrometheusEndpoint endpoint =
                        PrometheusEndpoint.builder().port(0).monitor(monitor).start()) {
            System.out.println("serving " + endpoint.uri().getAuthority());
            while (System.in.read() >= 0) {
                // until whoever started it closes the pipe
            }
            endpoint.close(Duration.ZERO);
        }
    }

    /** {@return the run as a worker has seen it; the same number gives the same losses in every process} */
    static RunMonitor trained(int number) {
        RunMonitor monitor = RunMonitor.builder("spread")
                .worker(Integer.toString(number))
                .modelSize(SIZE)
                .baseline(BaselineRule.fixed(SHARED_BASELINE))
                .build();
        Random random = new Random(number);
        for (int t = 1; t <= 5000 * number; t++) {
            monitor.step(500 + random.nextInt(1000), 3 + 7 / Math.sqrt(t) + random.nextGaussian() * 0.1);
        }
        return monitor;
    }
}
