package org.etascope.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.etascope.core.EnergyReport;
import org.etascope.core.RunMonitor;

/**
 * What a machine took, measured by others, told to a run at each point of its log. A table that grows is read again. For one
 * run and one thread.
 */
final class EnergyFile {
    /** So far a table that is being written may lag behind the log. */
    private static final long MOST_LAG_MILLIS = 60_000;

    private static final long REREAD_MILLIS = 1_000;
    private static final long NEVER = Long.MIN_VALUE;

    private final Path file;
    private final BooleanSupplier shared;
    private EnergyTable table;
    private long size;
    private long lookedAt;
    private long until = NEVER;

    /**
     * A table.
     *
     * @param shared tells whether other runs go on at that machine
     */
    EnergyFile(Path file, BooleanSupplier shared) {
        this.file = file;
        this.shared = shared;
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
            run.energy(EnergyReport.gap("before the log's first point"));
            until = now;
        } else if (now <= table.first()) {
            run.energy(EnergyReport.gap(file + " begins at " + Instant.ofEpochMilli(table.first())));
            until = now;
        } else {
            long from = Math.max(until, table.first());
            long to = Math.min(now, table.last());
            if (to > from) {
                double taken = table.taken(from, to);
                boolean whole = taken >= 0 && from == until;
                String gap = whole ? null : "the joules of " + file + " have a gap";
                run.energy(new EnergyReport(taken, (to - from) / 1e3, whole, shared.getAsBoolean(), gap));
                until = to;
            }
            if (now - table.last() > MOST_LAG_MILLIS) {
                run.energy(EnergyReport.gap(file + " ends at " + Instant.ofEpochMilli(table.last())));
            }
        }
    }

    private void lookAgain() {
        long now = System.currentTimeMillis();
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
