package org.etascope.benchmarks.concurrency;

import java.nio.file.Files;
import java.nio.file.Path;

/** Runs this package's stress tests; fails if a forbidden outcome was seen. */
public final class Concurrency {
    private Concurrency() {}

    /**
     * Starts the program.
     *
     * @param args how long each test runs in each of its configurations, in seconds (default: a fifth of one)
     * @throws Exception if a test fails or cannot be run
     */
    public static void main(String[] args) throws Exception {
        Path reports = Files.createTempDirectory("etascope-jcstress");
        org.openjdk.jcstress.Main.main(new String[] {
            "-t", "org.etascope.benchmarks.concurrency",
            "-m", "quick",
            "-time", args.length > 0 ? args[0] + "000" : "200",
            // A monitor is some 20 KB, and jcstress makes one for each try.
            "-strideSize", "10",
            "-strideCount", "10",
            "-r", reports.toString()
        });
    }
}
