package org.etascope.benchmarks.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Logs of the same made-up run, as different writers would keep it. */
enum Log {
    LLMC("llmc"),
    CSV("csv"),
    JSONL("jsonl"),
    /** Every loss with all its digits, some more, some fewer: as Python prints a float. */
    JSONL_ALL_DIGITS("jsonl, all digits");

    static final int LINES = 2_000_000;
    private static final int MILLIONTHS = 1_000_000;

    private final String title;

    Log(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    String format() {
        return title.replaceFirst(",.*", "");
    }

    Path in(Path folder) {
        return folder.resolve(name().toLowerCase(Locale.ROOT));
    }

    void write(Path file) throws IOException {
        Random random = new Random(1);
        try (BufferedWriter out = Files.newBufferedWriter(file, UTF_8)) {
            out.write(this == CSV ? "step,loss,lr\n" : "");
            for (int step = 0; step < LINES; step++) {
                double loss = 3 + 7.8 / (1 + step / 50.0) + 0.05 * random.nextGaussian();
                out.write(line(step, this == JSONL_ALL_DIGITS ? Double.toString(loss) : sixPlaces(loss)));
            }
        }
    }

    /** As {@code %.6f} does, in much less time. */
    private static String sixPlaces(double loss) {
        long millionths = Math.round(MILLIONTHS * loss);
        return millionths / MILLIONTHS + "."
                + Long.toString(MILLIONTHS + millionths % MILLIONTHS).substring(1);
    }

    private String line(int step, String loss) {
        return switch (this) {
            case LLMC -> "s:" + step + " trl:" + loss.substring(0, loss.length() - 2) + " lr:0.000600 norm:0.23\n";
            case CSV -> step + "," + loss + ",0.0006\n";
            case JSONL, JSONL_ALL_DIGITS ->
                "{\"step\": " + step + ", \"loss\": " + loss + ", \"lr\": 0.0006, \"time\": 0.1}\n";
        };
    }
}
