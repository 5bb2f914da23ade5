package org.etascope.logs;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Comma, semicolon, tab, bar or space separated values with a header. Rows before the header are text; a header in the
 * middle counts from there on. An empty cell is a gap, as in exports that lay several series side by side. In names of
 * the form {@code run - loss} (Weights and Biases) the part after the dash counts. Where a column says which series a row
 * belongs to ({@code key,value,step}), its cell is the name of the row's value. Between other separators a comma in a
 * number is a decimal comma.
 *
 * <p>A row is a line: a quote that is not closed damages its own row only.
 */
final class CsvLog implements LossLog {
    private static final String DASH = " - ";
    private static final Set<String> KEYS = Set.of("key", "metric", "metric_name", "name", "tag", "series");
    private static final String VALUE = "value";
    /** A header may be marked as none of the data. */
    private static final Pattern COMMENT = Pattern.compile("^\\s*#?\\s*");

    private final Map<Role, String> given;
    private final Roles roles;
    private char separator = ',';
    private String @Nullable [] names;
    private int keyColumn = -1;
    private String problem = "";

    CsvLog(Map<Role, String> given) {
        this.given = given;
        this.roles = Roles.ofNames(given);
    }

    @Override
    public void read(InputStream in, Records records) throws IOException {
        Lines lines = new Lines(in);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (isRule(line)) {
                continue;
            }
            try {
                line(line, lines.number(), records);
            } catch (NotANumberException e) {
                records.unreadable(lines.number(), String.valueOf(e.getMessage()));
            }
        }
        if (names == null) {
            String name = given.get(Role.LOSS);
            records.unreadable(
                    1,
                    name == null
                            ? "no column is called loss, train_loss or alike: name it with --map loss=COLUMN"
                            : "no column is called \"" + NotANumberException.printable(name) + "\"");
        }
    }

    /** {@return whether a line parts the rows of a table, or is blank} */
    private static boolean isRule(String line) {
        return line.chars().allMatch(sign -> " \t|+:-=".indexOf(sign) >= 0);
    }

    private void line(String line, long number, Records records) throws NotANumberException {
        if (names == null) {
            if (!isHeader(line, true)) {
                records.text(1);
            } else if (!problem.isEmpty()) {
                records.unreadable(number, problem);
            }
            return;
        }
        if (!startsNumber(line) && isHeader(line, false)) {
            return;
        }
        String[] columns = names;
        List<String> cells = cells(line, separator);
        records.begin(number);
        int n = Math.min(columns.length, cells.size());
        for (int i = 0; i < n; i++) {
            String name = columns[i];
            if (!name.isEmpty()) {
                String cell = cells.get(i).strip();
                records.value(name.equals(VALUE) && keyColumn >= 0 ? key(cells) : name, number(cell));
            }
        }
        records.end();
    }

    private String key(List<String> cells) {
        return keyColumn < cells.size() ? cells.get(keyColumn).strip() : "";
    }

    /** A decimal comma, where commas part no cells. */
    private String number(String cell) {
        int comma = separator == ',' ? -1 : cell.indexOf(',');
        return comma > 0 && cell.indexOf('.') < 0 && comma == cell.lastIndexOf(',')
                ? cell.substring(0, comma) + '.' + cell.substring(comma + 1)
                : cell;
    }

    private static boolean startsNumber(String line) {
        char first = line.charAt(0);
        return Numbers.isDigit(first) || first == '-';
    }

    // ---- cells ----

    /** {@return the separator that is most frequent in a line; a space where there is no other} */
    private static char likeliestSeparator(String line) {
        char likeliest = ' ';
        long most = 0;
        for (char sign : new char[] {'\t', ';', ',', '|'}) {
            long count = line.chars().filter(other -> other == sign).count();
            if (count > most) {
                most = count;
                likeliest = sign;
            }
        }
        return likeliest;
    }

    private static List<String> cells(String row, char separator) throws NotANumberException {
        if (separator == ' ') {
            return List.of(row.strip().split(" +"));
        }
        return row.indexOf('"') < 0 ? plainCells(row, separator) : quotedCells(row, separator);
    }

    private static List<String> plainCells(String row, char separator) {
        List<String> cells = new ArrayList<>(12);
        int from = 0;
        for (int end = row.indexOf(separator); end >= 0; end = row.indexOf(separator, from)) {
            cells.add(row.substring(from, end));
            from = end + 1;
        }
        cells.add(row.substring(from));
        return cells;
    }

    private static List<String> quotedCells(String row, char separator) throws NotANumberException {
        try {
            return CsvReader.builder()
                    .fieldSeparator(separator)
                    .ofSingleCsvRecord(row)
                    .getFields();
        } catch (CsvParseException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw NotANumberException.line(
                    "not valid CSV: " + JsonLinesLog.firstLine(String.valueOf(cause.getMessage())));
        }
    }

    // ---- the header ----

    /** {@return whether a line is a header: what comes then is read by it} */
    private boolean isHeader(String line, boolean mayHoldNumbers) throws NotANumberException {
        char likeliest = likeliestSeparator(line);
        List<String> cells = cells(line, likeliest);
        boolean numbers = cells.stream().anyMatch(cell -> Numbers.decimalEnd(cell.strip(), 0) > 0);
        String[] header = numbers && !mayHoldNumbers ? null : header(cells);
        if (header == null) {
            return false;
        }
        separator = likeliest;
        names = header;
        return true;
    }

    private static boolean isCode(String cell) {
        return cell.indexOf('=') >= 0 || cell.indexOf('{') >= 0 || cell.startsWith("#");
    }

    /**
     * {@return the names of the columns, empty for those of no use; null if this is no header: it needs a loss of either
     * kind, or a column that names the series}
     */
    private String @Nullable [] header(List<String> cells) throws NotANumberException {
        String[] found = new String[cells.size()];
        String loss = null;
        boolean any = false;
        int key = -1;
        for (int i = 0; i < found.length; i++) {
            String cell = i == 0
                    ? COMMENT.matcher(cells.get(i)).replaceFirst("")
                    : cells.get(i).strip();
            int dash = cell.lastIndexOf(DASH);
            boolean whole = dash < 0 || given.containsValue(cell);
            found[i] = whole ? cell : cell.substring(dash + DASH.length());
            Role role = isCode(found[i]) ? null : roles.likely(found[i]);
            any |= role == Role.LOSS || role == Role.VALIDATION;
            key = KEYS.contains(Role.plain(cell)) ? i : key;
            if (!whole && role == Role.LOSS && !given.containsKey(Role.LOSS)) {
                if (found[i].equals(loss)) {
                    problem = "several columns hold the loss of a run, such as \"" + NotANumberException.printable(cell)
                            + "\": choose one with --map loss=\"COLUMN\"";
                    role = null;
                } else {
                    loss = found[i];
                }
            }
            if (role == null && !cell.equalsIgnoreCase(VALUE)) {
                found[i] = "";
            }
        }
        boolean named = given.get(Role.LOSS) == null || List.of(found).contains(given.get(Role.LOSS));
        keyColumn = any && List.of(found).contains(VALUE) ? key : -1;
        return any && (named || keyColumn >= 0) ? found : null;
    }
}
