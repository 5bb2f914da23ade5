package org.etascope.examples;

import java.util.Arrays;
import java.util.Random;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;

/** Any other training in Java: a table of counts learns which symbol follows which. Needs etascope-core alone. */
final class WithoutDl4j {
    private static final int SYMBOLS = 16;
    private static final int TOKENS = 1_000;

    public static void main(String[] arguments) {
        RunSnapshot now = train().snapshot();
        System.out.printf("eta %.3f; %s%n", now.ledger().eta(), now.verdict().sentence());
    }

    static RunMonitor train() {
        RunMonitor monitor = RunMonitor.builder("counts")
                .modelSize(new ModelSize(SYMBOLS * SYMBOLS, 64))
                .vocabularySize(SYMBOLS)
                .build();
        double[][] counts = new double[SYMBOLS][SYMBOLS];
        Arrays.stream(counts).forEach(row -> Arrays.fill(row, 1));
        Random source = new Random(1);
        for (int step = 0, last = 0; step < 500; step++) {
            double nats = 0;
            for (int i = 0; i < TOKENS; i++) {
                int next = (2 * last + source.nextInt(4)) % SYMBOLS;
                nats -= Math.log(
                        counts[last][next]++ / Arrays.stream(counts[last]).sum());
                last = next;
            }
            monitor.step(TOKENS, nats / TOKENS);
        }
        return monitor;
    }
}
