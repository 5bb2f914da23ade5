package org.etascope.cli.log;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Comma, semicolon or tab separated values with a header. Rows before the header are text. An empty cell is a gap, as in
 * exports that lay several series side by side. In names of the form {@code run - loss} (Weights and Biases) the part
 * after the dash counts.
 */
final class CsvLog implements LossLog {
    private static final int MOST_ROWS_BEFORE_HEADER = 10_000;
    private static final int LONGEST_NAME = 1_000;
    private static final int MOST_NAMES = 10_000;
    private static final int LONGEST_NUMBER = 400;
    private static final String DASH = " - ";

    private final Map<Role, String> given;

    CsvLog(Map<Role, String> given) {
        this.given = given;
    }

    @Override
    public void read(InputStream in, LossSink sink) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        char separator = separator(buffered);
        Row row = new Row();
        try (CsvReader<Row> csv = CsvReader.builder()
                .fieldSeparator(separator)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(row, new InputStreamReader(buffered, StandardCharsets.UTF_8))) {
            csv.forEach(r -> r.tell(sink));
            if (row.roles == null) {
                sink.unreadable(":1", noLossColumn());
            }
        } catch (CsvParseException e) {
            sink.unreadable(":" + row.line(), "not valid CSV from here on: " + reason(e));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String reason(CsvParseException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return JsonLinesLog.firstLine(String.valueOf(cause.getMessage()));
    }

    private String noLossColumn() {
        String name = given.get(Role.LOSS);
        return name == null
                ? "no column is called loss, train_loss or alike: name it with --map loss=COLUMN"
                : "no column is called \"" + NotANumberException.printable(name) + "\"";
    }

    /** The separator that is most frequent in the first line. */
    private static char separator(BufferedInputStream in) throws IOException {
        in.mark(1 << 14);
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        for (int i = 0; i < 1 << 14; i++) {
            int c = in.read();
            if (c < 0 || c == '\n') {
                break;
            }
            commas += c == ',' ? 1 : 0;
            semicolons += c == ';' ? 1 : 0;
            tabs += c == '\t' ? 1 : 0;
        }
        in.reset();
        return tabs > commas && tabs > semicolons ? '\t' : semicolons > commas ? ';' : ',';
    }

    /**
     * {@return the column of each role in that header, null if it is none: it needs a loss of either kind}
     *
     * @throws NotANumberException if two columns hold the same series of two runs
     */
    static @Nullable Map<Role, Integer> header(List<String> cells, Map<Role, String> given)
            throws NotANumberException {
        FieldNames names = new FieldNames(given);
        Map<Role, Integer> columns = new EnumMap<>(Role.class);
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i).strip();
            int dash = cell.lastIndexOf(DASH);
            Role role = names.role(cell);
            if (role == null && dash >= 0) {
                String series = cell.substring(dash + DASH.length());
                String before = names.inRecord(Role.LOSS);
                role = names.role(series);
                if (role == Role.LOSS && series.equals(before)) {
                    throw NotANumberException.line(
                            "several columns hold the loss of a run, such as \"" + NotANumberException.printable(cell)
                                    + "\": choose one with --map loss=\"COLUMN\"",
                            false);
                }
            }
            if (role != null) {
                columns.put(role, i);
            }
        }
        boolean lossMissing = given.containsKey(Role.LOSS) && !columns.containsKey(Role.LOSS);
        boolean noLoss = !columns.containsKey(Role.LOSS) && !columns.containsKey(Role.VALIDATION);
        return lossMissing || noLoss ? null : columns;
    }

    /** The current row; values are taken where they stand in the reader's buffer. */
    private final class Row extends AbstractBaseCsvCallbackHandler<Row> {
        private final LossPoint point = new LossPoint();
        private final byte[] number = new byte[LONGEST_NUMBER];
        private final List<String> cells = new ArrayList<>();
        private @Nullable Role @Nullable [] roles;
        private long rowsBeforeHeader;
        private boolean blank;
        private @Nullable NotANumberException bad;

        long line() {
            return Math.max(1, getStartingLineNumber());
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            blank = false;
            bad = null;
            point.clear();
            cells.clear();
        }

        @Override
        protected void handleEmpty() {
            blank = true;
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            if (roles == null) {
                if (cells.size() < MOST_NAMES) {
                    cells.add(new String(buffer, offset, Math.min(length, LONGEST_NAME)));
                }
                return;
            }
            Role role = index < roles.length ? roles[index] : null;
            if (role != null) {
                try {
                    take(role, buffer, offset, length);
                } catch (NotANumberException e) {
                    bad = bad == null ? e : bad;
                }
            }
        }

        private void take(Role role, char[] buffer, int offset, int length) throws NotANumberException {
            int from = offset;
            int to = offset + length;
            while (from < to && buffer[from] <= ' ') {
                from++;
            }
            while (to > from && buffer[to - 1] <= ' ') {
                to--;
            }
            if (to - from > LONGEST_NUMBER) {
                throw NotANumberException.of(role.word(), new String(buffer, from, LONGEST_NUMBER), "a number");
            }
            for (int i = from; i < to; i++) {
                number[i - from] = buffer[i] < 0x80 ? (byte) buffer[i] : (byte) '?';
            }
            point.set(role, number, 0, to - from);
        }

        @Override
        protected RecordType getRecordType() {
            return RecordType.DATA;
        }

        @Override
        protected Row buildRecord() {
            return this;
        }

        private void tell(LossSink sink) {
            if (blank) {
                return;
            }
            if (roles == null) {
                header(sink);
            } else if (bad != null) {
                sink.unreadable(":" + line(), String.valueOf(bad.getMessage()));
            } else if (point.holdsData()) {
                sink.point(point);
            } else {
                sink.text(1);
            }
        }

        private void header(LossSink sink) {
            Map<Role, Integer> columns;
            try {
                columns = CsvLog.header(cells, given);
            } catch (NotANumberException e) {
                sink.unreadable(":" + line(), String.valueOf(e.getMessage()));
                columns = null;
            }
            if (columns != null) {
                @Nullable Role[] found = new Role[cells.size()];
                columns.forEach((role, column) -> found[column] = role);
                roles = found;
                return;
            }
            sink.text(1);
            rowsBeforeHeader++;
            if (rowsBeforeHeader == MOST_ROWS_BEFORE_HEADER) {
                sink.unreadable(":" + line(), noLossColumn());
            }
        }
    }
}
