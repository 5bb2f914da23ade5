package org.etascope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.etascope.core.EnergyReport;
import org.etascope.core.RunMonitor;

/**
 * What a machine took, measured by others, told to a run at each point of its log. A table that grows is read again. For one
 * run and one thread.
 */
final class EnergyFile {
    /** So far a table that is being written may lag behind now: what is trained meanwhile waits for its joules. */
    private static final long MOST_LAG_MILLIS = 600_000;

    private static final long REREAD_MILLIS = 1_000;
    private static final long NEVER = Long.MIN_VALUE;

    private final Path file;
    private final BooleanSupplier shared;
    private final LongSupplier clock;
    private EnergyTable table;
    private long size;
    private long lookedAt;
    private long until = NEVER;
    private long before = NEVER;
    /** Until here the tokens were told as trained without a measurement: joules that come later make no price of them. */
    private long gapUntil = NEVER;

    /** A table of a machine; {@code shared} tells whether other runs go on there, {@code clock} the milliseconds of now. */
    EnergyFile(Path file, BooleanSupplier shared, LongSupplier clock) {
        this.file = file;
        this.shared = shared;
        this.clock = clock;
        if (Files.isDirectory(file)) {
            throw Failure.failed("--energy " + file + " is a folder, allowed: a table of time,joules");
        }
        try {
            size = Files.size(file);
            table = EnergyTable.read(file);
        } catch (IOException e) {
            throw Failure.failed("--energy " + file + " cannot be read: " + Failure.reason(e));
        }
    }

    /** Tells a run what was taken until a point of its log. */
    void tell(RunMonitor run, long now) {
        if (now > table.last()) {
            lookAgain();
        }
        if (until == NEVER) {
            gap(run, now, "before the log's first point");
            until = now;
        } else if (now <= table.first()) {
            gap(run, now, file + " begins at " + Instant.ofEpochMilli(table.first()));
            until = now;
        } else {
            taken(run, Math.min(now, table.last()));
            if (now > table.last() && clock.getAsLong() - table.last() > MOST_LAG_MILLIS) {
                gap(run, now, file + " ends at " + Instant.ofEpochMilli(table.last()));
                gapUntil = now;
            }
        }
        before = now;
    }

    private void taken(RunMonitor run, long to) {
        long from = Math.max(until, table.first());
        if (to > from) {
            double taken = table.taken(from, to);
            boolean late = from < gapUntil;
            boolean whole = taken >= 0 && from == until && !late;
            String gap = whole ? null : file + (late ? " lags behind the log" : " has a gap");
            double seconds = late ? 0 : (to - from) / 1e3; // What was told as a gap is not told again.
            run.energy(new EnergyReport(taken, seconds, whole, shared.getAsBoolean(), List.of(), gap));
            until = to;
        }
    }

    private void gap(RunMonitor run, long now, String reason) {
        run.energy(EnergyReport.gap(before == NEVER ? 0 : Math.max(0, now - before) / 1e3, reason));
    }

    private void lookAgain() {
        long now = clock.getAsLong();
        if (now - lookedAt < REREAD_MILLIS) {
            return;
        }
        lookedAt = now;
        try {
            long length = Files.size(file);
            if (length != size) {
                table = EnergyTable.read(file);
                size = length;
            }
        } catch (IOException | Failure e) {
            // A row may be half written: what was read stands, and the next look tells.
        }
    }
}
