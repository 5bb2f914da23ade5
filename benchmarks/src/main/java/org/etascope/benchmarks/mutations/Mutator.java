package org.etascope.benchmarks.mutations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.SplittableRandom;

/** Damages bytes as disks, crashes, editors and strangers do. */
final class Mutator {
    private static final int MOST_MUTATIONS = 4;
    private static final int LONGEST_PIECE = 64;
    private static final int MOST_REPEATS = 20;
    private static final List<String> NASTY = List.of(
            "",
            "\"",
            "\n",
            "\r",
            "NaN",
            "-inf",
            "1e999",
            "9".repeat(30),
            "9007199254740993",
            "-1",
            "{",
            "}",
            "[",
            ",",
            "\0",
            "\uFEFF",
            "step:1/2 loss:3",
            "s:",
            "iter ",
            "|",
            "loss",
            "\u00e9",
            "1e-999",
            "0x1p3",
            "--",
            "1_000");

    private final SplittableRandom random;

    Mutator(SplittableRandom random) {
        this.random = random;
    }

    byte[] mutated(byte[] original) {
        byte[] bytes = original;
        for (int left = 1 + random.nextInt(MOST_MUTATIONS); left > 0 && bytes.length > 0; left--) {
            bytes = once(bytes);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        int to = at + random.nextInt(Math.min(LONGEST_PIECE, bytes.length - at) + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 * bytes.length);
        out.write(bytes, 0, at);
        switch (random.nextInt(6)) {
            case 0 -> { // flip a bit
                out.write(bytes[at] ^ (1 << random.nextInt(8)));
                rest(bytes, at + 1, out);
            }
            case 1 -> rest(bytes, to, out); // delete a piece
            case 2 -> { // insert something nasty
                out.writeBytes(nasty());
                rest(bytes, at, out);
            }
            case 3 -> { // repeat a piece
                for (int times = 1 + random.nextInt(MOST_REPEATS); times > 0; times--) {
                    out.write(bytes, at, to - at);
                }
                rest(bytes, at, out);
            }
            case 4 -> { // replace by something nasty
                out.writeBytes(nasty());
                rest(bytes, to, out);
            }
            default -> {} // cut off
        }
        return out.toByteArray();
    }

    private static void rest(byte[] bytes, int from, ByteArrayOutputStream out) {
        out.write(bytes, from, bytes.length - from);
    }

    private byte[] nasty() {
        return NASTY.get(random.nextInt(NASTY.size())).getBytes(UTF_8);
    }
}
