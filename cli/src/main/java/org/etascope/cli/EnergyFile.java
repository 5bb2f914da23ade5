package org.etascope.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.etascope.core.EnergyReport;
import org.etascope.core.RunMonitor;
import org.etascope.logs.Times;

/**
 * What a machine took, measured by others: a table of times and of the joules counted until then. Between two rows the
 * joules are laid evenly; rows that go back, or hold no number, leave a gap. A file that grows is read again. For one run and
 * one thread.
 */
final class EnergyFile {
    private static final int MOST_ROWS = 10_000_000;
    /** So far a file that is being written may lag behind the log. */
    private static final long MOST_LAG_MILLIS = 60_000;

    private static final long REREAD_MILLIS = 1_000;

    private final Path file;
    private final BooleanSupplier shared;
    private long[] millis = {};
    private double[] joules = {};
    private int rows;
    private long size = -1;
    private long readAt;
    private long until = Long.MIN_VALUE;

    /**
     * A table.
     *
     * @param shared tells whether other runs go on at that machine
     */
    EnergyFile(Path file, BooleanSupplier shared) {
        this.file = file;
        this.shared = shared;
        read();
    }

    private void read() {
        rows = 0;
        try (CsvReader<CsvRecord> table = CsvReader.builder().ofCsvRecord(file)) {
            int time = 0;
            int counter = 1;
            for (CsvRecord row : table) {
                List<String> cells = row.getFields().stream()
                        .map(cell -> cell.strip().toLowerCase(Locale.ROOT))
                        .toList();
                if (rows == 0 && cells.contains("joules") && cells.contains("time")) {
                    time = cells.indexOf("time");
                    counter = cells.indexOf("joules");
                } else if (cells.size() > Math.max(time, counter)) {
                    add(row, row.getField(time), row.getField(counter));
                } else {
                    throw wrong(row, "has " + cells.size() + " columns, wanted: time,joules");
                }
            }
            size = Files.size(file);
            readAt = System.currentTimeMillis();
        } catch (IOException | CsvParseException e) {
            throw Failure.failed("--energy " + file + " cannot be read: " + Failure.reason(e));
        }
        if (rows < 2) {
            throw Failure.failed("--energy " + file + " has fewer than two rows of time,joules");
        }
    }

    private void add(CsvRecord row, String time, String counter) {
        long at = Times.millis(time);
        if (at < 0) {
            throw wrong(
                    row,
                    "time \"" + time + "\" is no point in time, allowed: seconds or milliseconds since 1970,"
                            + " or such as 2026-03-18T15:00:00Z");
        }
        if (rows > 0 && at < millis[rows - 1]) {
            throw wrong(row, "its time lies before that of the row above");
        }
        if (rows == MOST_ROWS) {
            throw wrong(row, "more than " + MOST_ROWS + " rows");
        }
        if (rows == millis.length) {
            millis = Arrays.copyOf(millis, Math.max(1_024, 2 * rows));
            joules = Arrays.copyOf(joules, millis.length);
        }
        try {
            joules[rows] = counter.isBlank() ? Double.NaN : Double.parseDouble(counter.strip());
        } catch (NumberFormatException e) {
            throw wrong(row, "joules \"" + counter + "\" is no number, allowed: joules counted so far");
        }
        millis[rows++] = at;
    }

    private Failure wrong(CsvRecord row, String what) {
        return Failure.failed("--energy " + file + " line " + row.getStartingLineNumber() + ": " + what);
    }

    /** Tells a run what was taken until a point of its log. */
    void tell(RunMonitor run, long now) {
        if (now > millis[rows - 1]) {
            readAgain();
        }
        long first = millis[0];
        long last = millis[rows - 1];
        if (until == Long.MIN_VALUE) {
            run.energy(EnergyReport.gap("before the log's first point"));
            until = now;
        } else if (now <= first) {
            run.energy(EnergyReport.gap(file + " begins at " + Instant.ofEpochMilli(first)));
            until = now;
        } else {
            long from = Math.max(until, first);
            long to = Math.min(now, last);
            if (to > from) {
                double taken = taken(from, to);
                boolean whole = taken >= 0 && from == until;
                run.energy(new EnergyReport(
                        taken,
                        (to - from) / 1e3,
                        whole,
                        shared.getAsBoolean(),
                        whole ? null : "the joules of " + file + " have a gap"));
                until = to;
            }
            if (now - last > MOST_LAG_MILLIS) {
                run.energy(EnergyReport.gap(file + " ends at " + Instant.ofEpochMilli(last)));
            }
        }
    }

    private void readAgain() {
        if (System.currentTimeMillis() - readAt < REREAD_MILLIS) {
            return;
        }
        try {
            if (Files.size(file) != size) {
                read();
            }
        } catch (IOException e) {
            readAt = System.currentTimeMillis(); // What was read stands.
        }
    }

    /** {@return joules between two times within the table, NaN where a row between them goes back or has no number} */
    private double taken(long from, long to) {
        int row = Arrays.binarySearch(millis, 0, rows, from);
        row = row < 0 ? -row - 2 : row;
        double sum = 0;
        for (int i = Math.max(0, row); i < rows - 1 && millis[i] < to; i++) {
            double step = joules[i + 1] - joules[i];
            long length = millis[i + 1] - millis[i];
            if (!(step >= 0)) {
                return Double.NaN;
            }
            double within = Math.min(to, millis[i + 1]) - Math.max(from, millis[i]);
            sum += length == 0 ? step : step * within / length;
        }
        return sum;
    }
}
