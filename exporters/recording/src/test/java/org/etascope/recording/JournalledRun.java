package org.etascope.recording;

import java.nio.file.Path;
import org.etascope.core.RunMonitor;

/** A process that trains and keeps a journal, for tests in which its disk is full or it is killed. */
final class JournalledRun {
    private JournalledRun() {}

    /** Trains with one look after each hundred steps, then says how it went; with "on" it never stops. */
    public static void main(String[] arguments) {
        RunMonitor monitor = RunMonitor.builder("char-lm").build();
        boolean on = arguments.length > 1;
        Path directory = Path.of(arguments[0]);
        JournalWriter journal =
                on ? JournalWriter.start(monitor, directory) : new JournalWriter(monitor, directory, Long.MAX_VALUE);
        for (int t = 1; on || t <= 20_000; t++) {
            monitor.step(100, 1 + 3 / Math.sqrt(t) + 0.01 * (t % 7));
            if (t % 100 == 0) {
                journal.look();
            }
        }
        journal.close();
        System.out.println(monitor.snapshot().progress().steps() + " steps, "
                + monitor.snapshot().process().listenerErrors() + " errors");
    }
}
