package org.etascope.cli.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The formats of loss logs, by the names of {@code --format}. */
public enum LogFormat {
    /** Values with separators and a header line. */
    CSV("csv"),
    /** One JSON object per line. */
    JSONL("jsonl"),
    /** llm.c's main.log. */
    LLMC("llmc"),
    /** modded-nanogpt's and parameter-golf's output. */
    MODDED_NANOGPT("modded-nanogpt"),
    /** nanoGPT's output. */
    NANOGPT("nanogpt"),
    /** Hugging Face Trainer's trainer_state.json. */
    HF_TRAINER("hf-trainer"),
    /** A TensorBoard event file. */
    TENSORBOARD("tensorboard"),
    /** Megatron-LM's output. */
    MEGATRON("megatron");

    private static final List<LogFormat> OF_SINGLE_LINES = List.of(LLMC, MODDED_NANOGPT, NANOGPT, MEGATRON, JSONL);
    /** A line this long tells nothing about the format that a shorter one would not. */
    private static final int LONGEST_TELLING_LINE = 1 << 16;

    private final String label;

    LogFormat(String label) {
        this.label = label;
    }

    /** {@return its name on the command line} */
    public String label() {
        return label;
    }

    /** {@return whether the log is text that grows line by line} */
    public boolean growsByLines() {
        return this != TENSORBOARD && this != HF_TRAINER;
    }

    /** {@return whether the writer replaces the whole file by a longer one} */
    public boolean isRewritten() {
        return this == HF_TRAINER;
    }

    /**
     * {@return a reader for one stream}
     *
     * @param names the user's names of columns, keys or tags, by role; formats with fixed names ignore them
     */
    public LossLog reader(Map<Role, String> names) {
        return switch (this) {
            case CSV -> new CsvLog(names);
            case JSONL -> new JsonLinesLog(names);
            case LLMC -> KeyValueLog.llmc();
            case MODDED_NANOGPT -> KeyValueLog.moddedNanoGpt();
            case NANOGPT -> new NanoGptLog();
            case HF_TRAINER -> new HfTrainerLog(names);
            case TENSORBOARD -> new TensorBoardLog(names);
            case MEGATRON -> new MegatronLog();
        };
    }

    /**
     * {@return the format of that name, null if there is none}
     *
     * @param label the name
     */
    public static @Nullable LogFormat ofLabel(String label) {
        return Arrays.stream(values())
                .filter(format -> format.label.equals(label))
                .findFirst()
                .orElse(null);
    }

    /** {@return all names, with commas between them} */
    public static String labels() {
        return String.join(", ", Stream.of(values()).map(LogFormat::label).toList());
    }

    /**
     * {@return the format that the beginning of a file looks like, null if it cannot be told from that much}
     *
     * @param head the file's first bytes
     * @param names the user's names, by role
     */
    public static @Nullable LogFormat detect(byte[] head, Map<Role, String> names) {
        if (head.length >= TensorBoardLog.HEADER_BYTES && TensorBoardLog.headerIsWhole(head)) {
            return TENSORBOARD;
        }
        List<LineLog> readers = OF_SINGLE_LINES.stream()
                .map(format -> (LineLog) format.reader(names))
                .toList();
        @Nullable Map<Role, Integer> columns = null;
        char separator = ',';
        for (int from = 0; from < head.length; ) {
            int end = lineEnd(head, from);
            int to = end > from && head[end - 1] == '\r' ? end - 1 : end;
            if (to - from > 0 && to - from <= LONGEST_TELLING_LINE) {
                for (int i = 0; i < readers.size(); i++) {
                    if (readers.get(i).recognises(head, from, to)) {
                        return OF_SINGLE_LINES.get(i);
                    }
                }
                String line = new String(head, from, to - from, StandardCharsets.UTF_8);
                if (columns != null && isRow(line, separator, columns)) {
                    return CSV;
                }
                separator = CsvLog.likeliestSeparator(line);
                columns = columns(line, separator, names);
            }
            from = end + 1;
        }
        return looksLikeTrainerState(head) ? HF_TRAINER : null;
    }

    private static int lineEnd(byte[] head, int from) {
        int end = from;
        while (end < head.length && head[end] != '\n') {
            end++;
        }
        return end;
    }

    private static @Nullable Map<Role, Integer> columns(String line, char separator, Map<Role, String> names) {
        try {
            return CsvLog.header(CsvLog.cells(line, separator), names);
        } catch (NotANumberException e) {
            // A header all the same; the reader will say what is wrong with it.
            return Map.of();
        }
    }

    /** Whether each loss is a number or a gap. */
    private static boolean isRow(String line, char separator, Map<Role, Integer> columns) {
        List<String> cells;
        try {
            cells = CsvLog.cells(line, separator);
        } catch (NotANumberException e) {
            return false;
        }
        for (Map.Entry<Role, Integer> column : columns.entrySet()) {
            String cell = column.getValue() < cells.size() ? cells.get(column.getValue()) : "";
            boolean isLoss = column.getKey() == Role.LOSS || column.getKey() == Role.VALIDATION;
            if (isLoss && !cell.isBlank() && !isNumber(cell.strip())) {
                return false;
            }
        }
        return cells.size() > 1 || columns.size() == 1;
    }

    private static boolean isNumber(String cell) {
        byte[] text = cell.getBytes(StandardCharsets.UTF_8);
        try {
            Numbers.parse("", text, 0, text.length);
            return true;
        } catch (NotANumberException e) {
            return false;
        }
    }

    private static boolean looksLikeTrainerState(byte[] head) {
        int first = 0;
        while (first < head.length && head[first] <= ' ') {
            first++;
        }
        if (first == head.length) {
            return false;
        }
        String sign = head[first] == '{' ? "\"log_history\"" : head[first] == '[' ? "\"loss\"" : null;
        return sign != null && Bytes.indexOf(head, first, head.length, sign) >= 0;
    }
}
