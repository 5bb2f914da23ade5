package org.etascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The same run of ten steps, as each format logs it: loss 10 at the first step, then 0.5 less each. One file per format in
 * the folder {@code samples}, from which {@code bin/soak mutations} takes them as well.
 */
final class SampleLogs {
    static final int STEPS = 10;

    private static final List<String> FORMATS =
            List.of("csv", "jsonl", "llmc", "modded-nanogpt", "nanogpt", "hf-trainer", "tensorboard", "megatron");

    private SampleLogs() {}

    /** {@return name of the format to a log of it} */
    static Map<String, byte[]> all() {
        Map<String, byte[]> logs = new LinkedHashMap<>();
        for (String format : FORMATS) {
            logs.put(format, read(format));
        }
        return logs;
    }

    /** {@return an event file; its scalars as TensorFlow 2 writes them (tensors), or as plain values} */
    static byte[] tensorBoard(boolean tensors) {
        return read(tensors ? "tensorboard-tensors" : "tensorboard");
    }

    private static byte[] read(String name) {
        try (InputStream in = SampleLogs.class.getResourceAsStream("/samples/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
