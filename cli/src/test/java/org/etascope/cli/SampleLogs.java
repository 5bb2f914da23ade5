package org.etascope.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/** The same run of ten steps, as each format logs it: loss 10 at the first step, then 0.5 less each. */
final class SampleLogs {
    static final int STEPS = 10;

    private SampleLogs() {}

    private static double loss(int step) {
        return 10 - 0.5 * step;
    }

    /** {@return name of the format to a log of it} */
    static Map<String, byte[]> all() {
        Map<String, byte[]> logs = new LinkedHashMap<>();
        logs.put("csv", lines("step,loss,lr", "%d,%s,0.001"));
        logs.put(
                "jsonl",
                lines("", "{\"step\": %d, \"train\": {\"loss\": %s}, \"lr\": 1e-3, \"tags\": [1, {\"loss\": 3}]}"));
        logs.put("llmc", lines("s:0 tel:10.1", "s:%d trl:%s lr:0.001000 norm:1.00"));
        logs.put("modded-nanogpt", lines("import torch", "step:%d/9 train_loss:%s train_time:24ms step_avg:23.99ms"));
        logs.put(
                "nanogpt",
                lines("tokens per iteration will be: 1,000", "iter %d: loss %s, time 132.51ms, mfu 40.00%%"));
        logs.put(
                "megatron",
                lines(
                        "training ...",
                        " [2024-03-01 10:00:00] iteration %8d/ 10 | consumed samples: %3$12d | learning rate:"
                                + " 1.500E-04 | lm loss: %2$s | loss scale: 1.0 | number of skipped iterations:   0 | number of"
                                + " nan iterations:   0 |"));
        logs.put("hf-trainer", trainerState());
        logs.put("tensorboard", tensorBoard(false));
        return logs;
    }

    private static byte[] lines(String first, String format) {
        StringBuilder text = new StringBuilder(first.isEmpty() ? "" : first + "\n");
        for (int i = 0; i < STEPS; i++) {
            text.append(String.format(Locale.ROOT, format, i, String.format(Locale.ROOT, "%.4f", loss(i)), i + 1))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] trainerState() {
        StringBuilder text =
                new StringBuilder("{\n  \"best_metric\": null,\n  \"epoch\": 1.0,\n  \"log_history\": [\n");
        for (int i = 0; i < STEPS; i++) {
            text.append(String.format(
                    Locale.ROOT,
                    "    {\"epoch\": 0.1, \"grad_norm\": NaN, \"learning_rate\": 1e-4, \"loss\": %.4f, \"step\": %d},%n",
                    loss(i),
                    i));
        }
        text.append("    {\"eval_loss\": 5.0, \"step\": 9},\n    {\"train_loss\": 7.0, \"step\": 9}\n  ],\n");
        return text.append("  \"max_steps\": 10\n}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@return an event file; its scalars as TensorFlow 2 writes them (tensors), or as plain values} */
    static byte[] tensorBoard(boolean tensors) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        record(out, message(fixed64(1, Double.doubleToLongBits(1.7e9)), bytes(3, ascii("brain.Event:2"))));
        for (int i = 0; i < STEPS; i++) {
            record(out, scalar(i, "train/learning_rate", 1e-3f, tensors));
            record(out, scalar(i, "train/loss", (float) loss(i), tensors));
        }
        return out.toByteArray();
    }

    private static byte[] scalar(int step, String tag, float value, boolean tensors) {
        int bits = Float.floatToIntBits(value);
        byte[] content = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bits)
                .array();
        byte[] scalar = tensors
                ? bytes(8, message(varint(1, 1), bytes(2, new byte[0]), bytes(4, content)))
                : message(new byte[] {(2 << 3) | 5}, content);
        byte[] summary = bytes(1, message(bytes(1, ascii(tag)), scalar));
        return message(fixed64(1, Double.doubleToLongBits(1.7e9 + step)), varint(2, step), bytes(5, summary));
    }

    static void record(ByteArrayOutputStream out, byte[] data) {
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        out.writeBytes(length);
        out.writeBytes(masked(length));
        out.writeBytes(data);
        out.writeBytes(masked(data));
    }

    private static byte[] masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        int value = (int) crc.getValue();
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(((value >>> 15) | (value << 17)) + 0xa282ead8)
                .array();
    }

    private static byte[] message(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] fixed64(int field, long value) {
        return ByteBuffer.allocate(9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) (field << 3 | 1))
                .putLong(value)
                .array();
    }

    private static byte[] varint(int field, int value) {
        return new byte[] {(byte) (field << 3), (byte) value};
    }

    private static byte[] bytes(int field, byte[] content) {
        return message(new byte[] {(byte) (field << 3 | 2), (byte) content.length}, content);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
