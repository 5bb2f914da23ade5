package org.etascope.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.ModelSize;
import org.etascope.core.RunMonitor;
import org.junit.jupiter.api.Assumptions;

/** A real training run, replayed from its public log: GPT-2 124M over 10 billion tokens. */
final class RealRun {
    private static final long TOKENS_PER_STEP = 524_288;
    private static final long MILLIS_PER_STEP = 245;
    private static final Pattern LINE = Pattern.compile("s:\\d+ (trl|tel):(\\S+)(?: lr:(\\S+))?.*");

    private RealRun() {}

    /** Skips the test where the log is absent. */
    static Path log() {
        String data = Objects.requireNonNullElse(System.getenv("ETASCOPE_TEST_DATA"), "../../../shared/data");
        Path log = Path.of(data, "losslogs", "llmc_gpt2_124M_10B_main.log");
        Assumptions.assumeTrue(Files.exists(log), "NEEDS the real loss log: " + log);
        return log;
    }

    /** A monitor that has not seen a step yet; its run began so that a replay of so many steps ends now. */
    static RunMonitor monitor(String name, int steps) {
        long start = System.currentTimeMillis() - steps * MILLIS_PER_STEP;
        return RunMonitor.builder(name)
                .model("GPT-2 124M")
                .dataset("FineWeb 10B")
                .modelSize(new ModelSize(124_475_904, 16))
                .vocabularySize(50_257)
                .plannedTokens(19_560 * TOKENS_PER_STEP)
                .clock(() -> start)
                .build();
    }

    static RunMonitor replayed(String name, int steps) {
        RunMonitor monitor = monitor(name, steps);
        replay(monitor, steps, () -> {});
        return monitor;
    }

    /** Replays the first steps; every hundred of them something else may be done. */
    static void replay(RunMonitor monitor, int steps, Runnable everyHundredSteps) {
        long start = (long) (monitor.snapshot().timeline().startSeconds() * 1e3);
        int done = 0;
        for (String text : lines()) {
            Matcher line = LINE.matcher(text);
            if (!line.matches() || done == steps) {
                continue;
            }
            double loss = Double.parseDouble(line.group(2));
            if (line.group(1).equals("trl")) {
                monitor.learningRate(Double.parseDouble(line.group(3)));
                monitor.step(TOKENS_PER_STEP, loss, start + ++done * MILLIS_PER_STEP);
                if (done % 100 == 0) {
                    everyHundredSteps.run();
                }
            } else {
                monitor.validation(loss);
            }
        }
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
