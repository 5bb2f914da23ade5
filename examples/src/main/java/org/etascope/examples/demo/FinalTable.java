package org.etascope.examples.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.etascope.core.InformationCapacity;
import org.etascope.core.ProcessCounters;
import org.etascope.core.RunSnapshot;
import org.etascope.recording.Format;
import org.etascope.recording.SummaryTable;

/**
 * What the demo says at the end.
 *
 * @param snapshot the run's last moment
 * @param trained time that this process trained
 * @param entropyRateNats the source's true entropy rate, NaN where nobody knows it
 * @param folder where state and report are
 */
record FinalTable(RunSnapshot snapshot, Duration trained, double entropyRateNats, Path folder) {
    /**
     * {@return the lines}
     *
     * @param columns width of the terminal, 0 if it is none
     */
    List<String> lines(int columns) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("run " + snapshot.info().run() + " ended after " + Format.clock(trained.toMillis() / 1e3) + ", "
                + Format.si(snapshot.progress().tokens()) + " "
                + snapshot.info().unit().plural() + ", "
                + Format.whole(snapshot.progress().steps()) + " steps      state and report in " + folder + "/");
        lines.add("");
        if (snapshot.progress().steps() == 0) {
            lines.add("  no step was completed: there is nothing to report yet");
            return lines;
        }
        SummaryTable table = SummaryTable.of(snapshot).baseline().model();
        if (!Double.isNaN(entropyRateNats)) {
            table.fact("source", source(snapshot.losses().current() - entropyRateNats));
        }
        lines.addAll(table.fact("monitor", monitor()).lines(columns));
        return lines;
    }

    private String source(double aboveNats) {
        return "true entropy rate " + Format.fixed(entropyRateNats, 3) + " nats ("
                + Format.fixed(entropyRateNats / InformationCapacity.LN2, 2) + " bits); the loss is "
                + Format.fixed(Math.abs(aboveNats), 3) + " nats " + (aboveNats < 0 ? "below" : "above") + " it";
    }

    private String monitor() {
        ProcessCounters process = snapshot.process();
        double share = 100.0 * process.listenerNanos() / trained.toNanos();
        return Format.fixed(share, 3) + " % of the training thread, " + process.listenerErrors() + " faults, "
                + process.nonFiniteSteps() + " non-finite steps";
    }
}
