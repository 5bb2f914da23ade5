package org.etascope.dashboards;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.etascope.core.ModelSize;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.prometheus.PrometheusEndpoint;

/** One run of {@link AlertsAtAMinute}: a process of its own that trains, serves, and does what its name says. */
final class NightRun {
    private static final Duration UNTIL_IT_HAPPENS = Duration.ofSeconds(150);
    private static final int AT_ONCE = 2500;

    private NightRun() {}

    /**
     * Trains until what its name says happens, or until it is killed.
     *
     * @param args flat, blowing, lost, finishing or crashing; its port, 0 for any
     */
    public static void main(String[] args) throws IOException {
        try (RunMonitor monitor = RunMonitor.builder(args[0])
                        .modelSize(new ModelSize(2_500_000, 16))
                        .build();
                PrometheusEndpoint endpoint = PrometheusEndpoint.builder()
                        .port(Integer.parseInt(args[1]))
                        .monitor(monitor)
                        .start()) {
            System.out.println("serving " + endpoint.uri().getAuthority());
            long begin = System.nanoTime();
            if (args[0].equals("crashing")) {
                new Training(monitor).epochsThatEndInAnException(() -> waited(10_000) && since(begin));
            }
            Random random = new Random(1);
            for (int t = 1; !(args[0].equals("finishing") && since(begin)); t++) {
                double law = 2.6 + 8.2 * Math.pow(1 + (args[0].equals("flat") ? Math.min(t, 1000) : t) / 5.0, -0.4);
                boolean apart = args[0].equals("blowing") && since(begin);
                monitor.step(1600, (apart ? 9 : law) + 0.03 * random.nextGaussian());
                if (t > AT_ONCE) {
                    waited(100);
                }
            }
            monitor.end(Outcome.FINISHED);
        }
    }

    private static boolean since(long begin) {
        return System.nanoTime() - begin > UNTIL_IT_HAPPENS.toNanos();
    }

    private static boolean waited(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
