package org.etascope.benchmarks.characteristic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.etascope.benchmarks.MarkedSection;

/** Runs every scenario and writes the table of {@code docs/operating-characteristic.md}. */
public final class Characteristic {
    private static final long SEED = 1;
    private static final int RUNS = 400;

    private Characteristic() {}

    /**
     * Starts the program.
     *
     * @param args the page to write into (default: standard output), then runs per scenario (default 400)
     * @throws IOException if the page cannot be written
     */
    public static void main(String[] args) throws IOException {
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : RUNS;
        String table = Table.of(run(runs, SEED), runs, SEED);
        MarkedSection.put(args, "characteristic", table);
    }

    static List<Result> run(int runs, long seed) {
        List<Result> results = new ArrayList<>();
        for (Scenario scenario : Scenarios.all()) {
            results.add(Result.of(scenario, runs, seed));
        }
        return results;
    }
}
