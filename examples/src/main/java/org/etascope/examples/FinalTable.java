package org.etascope.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.etascope.core.InformationCapacity;
import org.etascope.core.Ledger;
import org.etascope.core.Losses;
import org.etascope.core.ProcessCounters;
import org.etascope.core.RunSnapshot;

/**
 * What the demo says at the end.
 *
 * @param snapshot the run's last moment
 * @param trained time that this process trained
 * @param entropyRateNats the source's true entropy rate, NaN where nobody knows it
 * @param folder where state and report are
 */
record FinalTable(RunSnapshot snapshot, Duration trained, double entropyRateNats, Path folder) {
    /** {@return the lines} */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("run " + snapshot.info().run() + " ended after " + Figures.clock(trained.toMillis() / 1e3) + ", "
                + Figures.si(snapshot.progress().tokens()) + " tokens, "
                + Figures.whole(snapshot.progress().steps()) + " steps      state and report in " + folder + "/");
        lines.add("");
        if (snapshot.progress().steps() == 0) {
            lines.add("  no step was completed: there is nothing to report yet");
            return lines;
        }
        lines.add("                 reading           η        bits    bits/parameter");
        readings(lines);
        lines.add("");
        facts(lines);
        return lines;
    }

    private void readings(List<String> lines) {
        Ledger ledger = snapshot.ledger();
        lines.add(reading(
                "transmitted",
                "D, mean loss",
                ledger.eta(),
                ledger.transmittedBits(),
                ledger.transmittedBitsPerParameter(),
                "what coding the data online has saved"));
        lines.add(reading(
                "absorbed",
                "area above L",
                ledger.etaAbsorbed(),
                ledger.absorbedBits(),
                ledger.absorbedBitsPerParameter(),
                "what the model took up"));
        lines.add(reading(
                "dataset",
                "D, loss now",
                ledger.etaDataset(),
                ledger.datasetBits(),
                ledger.datasetBitsPerParameter(),
                "if the data were coded with today's model"));
    }

    private static String reading(
            String name, String formula, double eta, double bits, double perParameter, String is) {
        return String.format(
                Locale.ROOT,
                "  %-13s  %-12s  %7s  %10s  %10s        %s",
                name,
                formula,
                Figures.fixed(eta, 2),
                Figures.si(bits),
                Figures.fixed(perParameter, 1),
                is);
    }

    private void facts(List<String> lines) {
        Losses losses = snapshot.losses();
        lines.add("  loss     " + Figures.fixed(snapshot.baseline().nats(), 3) + " → "
                + Figures.fixed(losses.current(), 3) + " nats (" + Figures.fixed(losses.bitsPerToken(), 2)
                + " bits/char), mean " + Figures.fixed(losses.mean(), 3));
        if (!Double.isNaN(entropyRateNats)) {
            lines.add(source(losses.current() - entropyRateNats));
        }
        lines.add("  verdict  " + snapshot.verdict().sentence());
        if (snapshot.verdict().cause() != null) {
            lines.add("           likely cause: " + snapshot.verdict().cause().sentence());
        }
        lines.add("  energy   Landauer floor "
                + Figures.scientific(snapshot.ledger().landauerFloorJoules()) + " J at "
                + Figures.fixed(snapshot.info().temperatureKelvin(), 0) + " K");
        lines.add(monitor());
    }

    private String source(double aboveNats) {
        return "  source   true entropy rate " + Figures.fixed(entropyRateNats, 3) + " nats ("
                + Figures.fixed(entropyRateNats / InformationCapacity.LN2, 2) + " bits); the loss is "
                + Figures.fixed(Math.abs(aboveNats), 3) + " nats " + (aboveNats < 0 ? "below" : "above") + " it";
    }

    private String monitor() {
        ProcessCounters process = snapshot.process();
        double share = 100.0 * process.listenerNanos() / trained.toNanos();
        return "  monitor  " + Figures.fixed(share, 3) + " % of the training thread, " + process.listenerErrors()
                + " faults, " + process.nonFiniteSteps() + " non-finite steps";
    }
}
