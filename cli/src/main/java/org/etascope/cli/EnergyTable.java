package org.etascope.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.etascope.logs.Times;

/**
 * A table of times and of the joules counted until then, in the order of the times, two rows at least. Between two rows the
 * joules are laid evenly; rows that go back, or hold no number, leave a gap.
 */
final class EnergyTable {
    private static final int MOST_ROWS = 10_000_000;

    private final Path file;
    private long[] millis = new long[1_024];
    private double[] joules = new double[1_024];
    private int rows;

    private EnergyTable(Path file) {
        this.file = file;
    }

    /** {@return the table in a file, with a head or without} */
    static EnergyTable read(Path file) throws IOException {
        EnergyTable table = new EnergyTable(file);
        try (CsvReader<CsvRecord> reader =
                CsvReader.builder().detectBomHeader(true).ofCsvRecord(file)) {
            table.fill(reader);
        } catch (CsvParseException e) {
            throw Failure.failed("--energy " + file + " is no table of time,joules: " + Failure.reason(e));
        }
        if (table.rows < 2) {
            throw Failure.failed("--energy " + file + " has fewer than two rows of time,joules");
        }
        return table;
    }

    private void fill(Iterable<CsvRecord> lines) {
        int time = 0;
        int counter = 1;
        for (CsvRecord line : lines) {
            List<String> names = line.getFields().stream()
                    .map(cell -> cell.strip().toLowerCase(Locale.ROOT))
                    .toList();
            if (rows == 0 && names.contains("time") && names.contains("joules")) {
                time = names.indexOf("time");
                counter = names.indexOf("joules");
            } else if (names.size() < 2) {
                throw wrong(line, "it has one column, wanted: time,joules");
            } else {
                add(line, line.getField(time), line.getField(counter).strip());
            }
        }
    }

    private void add(CsvRecord line, String time, String counter) {
        long at = Times.millis(time);
        if (at < 0) {
            throw wrong(
                    line,
                    "time \"" + time + "\" is no point in time, allowed: seconds or milliseconds since 1970, or such as"
                            + " 2026-03-18T15:00:00Z");
        }
        if (rows > 0 && at < last()) {
            throw wrong(line, "its time lies before that of the row above");
        }
        if (rows == MOST_ROWS) {
            throw wrong(line, "more than " + MOST_ROWS + " rows");
        }
        if (rows == millis.length) {
            millis = Arrays.copyOf(millis, 2 * rows);
            joules = Arrays.copyOf(joules, 2 * rows);
        }
        try {
            joules[rows] = counter.isEmpty() ? Double.NaN : Double.parseDouble(counter);
        } catch (NumberFormatException e) {
            throw wrong(line, "joules \"" + counter + "\" is no number, allowed: joules counted so far");
        }
        millis[rows++] = at;
    }

    private Failure wrong(CsvRecord line, String what) {
        return Failure.failed("--energy " + file + " line " + line.getStartingLineNumber() + ": " + what);
    }

    long first() {
        return millis[0];
    }

    long last() {
        return millis[rows - 1];
    }

    /** {@return joules between two times within the table, NaN where a row between them goes back or has no number} */
    double taken(long from, long to) {
        int found = Arrays.binarySearch(millis, 0, rows, from);
        double sum = 0;
        for (int i = Math.max(0, found < 0 ? -found - 2 : found); i < rows - 1 && millis[i] < to; i++) {
            double step = joules[i + 1] - joules[i];
            if (!(step >= 0)) {
                return Double.NaN;
            }
            double length = millis[i + 1] - millis[i];
            double within = Math.min(to, millis[i + 1]) - Math.max(from, millis[i]);
            sum += length == 0 ? step : step * within / length;
        }
        return sum;
    }
}
