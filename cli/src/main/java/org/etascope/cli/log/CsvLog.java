package org.etascope.cli.log;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Comma, semicolon or tab separated values with a header. Rows before the header are text. An empty cell is a gap, as in
 * exports that lay several series side by side. In names of the form {@code run - loss} (Weights and Biases) the part
 * after the dash counts.
 *
 * <p>A row is a line: a quote that is not closed damages its own row only. Rows without quotes are cut at the separators
 * in place; most need not even that, since where a number ends the separator follows.
 */
final class CsvLog extends LineLog {
    private static final String DASH = " - ";

    private final Map<Role, String> given;
    private @Nullable Role @Nullable [] roles;
    private char separator = ',';
    private boolean isHeader;
    private final Decimal number = new Decimal();

    CsvLog(Map<Role, String> given) {
        this.given = given;
    }

    @Override
    void parse(byte[] line, int from, int to, LossPoint point) throws NotANumberException {
        @Nullable Role[] columns = roles;
        isHeader = false;
        if (columns == null) {
            header(new String(line, from, to - from, StandardCharsets.UTF_8));
        } else if (numbersAndGaps(line, from, to, columns, point)) {
            return;
        } else if (Bytes.indexOf(line, from, to, '"') >= 0) {
            quotedRow(new String(line, from, to - from, StandardCharsets.UTF_8), columns, point);
        } else {
            plainRow(line, from, to, columns, point);
        }
    }

    @Override
    boolean isHeader() {
        return isHeader;
    }

    @Override
    void end(LossSink sink) {
        if (roles == null) {
            String name = given.get(Role.LOSS);
            sink.unreadable(
                    ":1",
                    name == null
                            ? "no column is called loss, train_loss or alike: name it with --map loss=COLUMN"
                            : "no column is called \"" + NotANumberException.printable(name) + "\"");
        }
    }

    /** {@return whether the row has no quote, and plain numbers or nothing in its columns; else others set them again} */
    private boolean numbersAndGaps(byte[] line, int from, int to, @Nullable Role[] columns, LossPoint point)
            throws NotANumberException {
        int i = from;
        for (@Nullable Role role : columns) {
            if (role == null) {
                int start = i;
                while (i < to && line[i] != separator && line[i] != '"') {
                    i++;
                }
                shapes.passedOver(start, i);
            } else if (number.read(line, i, to)) {
                if (number.end < to && line[number.end] != separator) {
                    return false;
                }
                point.set(role, number.value());
                shapes.took(role, i, number.end);
                i = number.end;
            }
            if (i == to) {
                shapes.complete();
                return true;
            }
            if (line[i++] != separator) {
                return false;
            }
        }
        shapes.passedOver(i, to);
        shapes.complete();
        return Bytes.indexOf(line, i, to, '"') < 0;
    }

    private void plainRow(byte[] line, int from, int to, @Nullable Role[] columns, LossPoint point)
            throws NotANumberException {
        int start = from;
        for (@Nullable Role role : columns) {
            int end = start;
            while (end < to && line[end] != separator) {
                end++;
            }
            if (role != null) {
                int last = end;
                while (last > start && Bytes.isSpace(line[last - 1])) {
                    last--;
                }
                point.set(role, line, Bytes.skipSpaces(line, start, last), last);
            }
            if (end == to) {
                return;
            }
            start = end + 1;
        }
    }

    private void quotedRow(String row, @Nullable Role[] columns, LossPoint point) throws NotANumberException {
        List<String> cells = cells(row, separator);
        for (int i = 0; i < Math.min(columns.length, cells.size()); i++) {
            Role role = columns[i];
            if (role != null) {
                byte[] text = cells.get(i).strip().getBytes(StandardCharsets.UTF_8);
                point.set(role, text, 0, text.length);
            }
        }
    }

    private void header(String row) throws NotANumberException {
        char likeliest = likeliestSeparator(row);
        List<String> cells = cells(row, likeliest);
        Map<Role, Integer> columns = header(cells, given);
        if (columns != null) {
            separator = likeliest;
            @Nullable Role[] found = new Role[cells.size()];
            columns.forEach((role, column) -> found[column] = role);
            roles = found;
            isHeader = true;
        }
    }

    /** {@return the separator that is most frequent in a line} */
    static char likeliestSeparator(String line) {
        long commas = count(line, ',');
        long semicolons = count(line, ';');
        long tabs = count(line, '\t');
        return tabs > commas && tabs > semicolons ? '\t' : semicolons > commas ? ';' : ',';
    }

    private static long count(String line, char c) {
        return line.chars().filter(other -> other == c).count();
    }

    /** {@return the cells of a row, without their quotes} */
    static List<String> cells(String row, char separator) throws NotANumberException {
        try {
            return CsvReader.builder()
                    .fieldSeparator(separator)
                    .ofSingleCsvRecord(row)
                    .getFields();
        } catch (CsvParseException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw NotANumberException.line(
                    "not valid CSV: " + JsonLinesLog.firstLine(String.valueOf(cause.getMessage())), false);
        }
    }

    /**
     * {@return the column of each role in that header, null if it is none: it needs a loss of either kind}
     *
     * @throws NotANumberException if two columns hold the same series of two runs
     */
    static @Nullable Map<Role, Integer> header(List<String> cells, Map<Role, String> given) throws NotANumberException {
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
}
