package org.etascope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.etascope.core.Baseline;
import org.etascope.core.Ledger;
import org.etascope.core.Losses;
import org.etascope.core.RunSnapshot;
import org.etascope.core.SaturationCause;

/** A run for people: the three readings, the losses, the verdict, the energy floor, and what went into them. */
final class SummaryTable {
    private final RunSnapshot run;
    private final List<String> lines = new ArrayList<>();

    private SummaryTable(RunSnapshot run) {
        this.run = run;
    }

    /**
     * {@return the table, line by line}
     *
     * @param run the run
     * @param log one line on what was read
     */
    static List<String> of(RunSnapshot run, String log) {
        SummaryTable table = new SummaryTable(run);
        table.readings();
        table.facts(log);
        return table.lines;
    }

    private void readings() {
        Ledger l = run.ledger();
        lines.add(row("", "reading", "η", "bits", "bits/parameter", ""));
        lines.add(row(
                "transmitted",
                "D, mean loss",
                Figures.significant(l.eta()),
                Figures.si(l.transmittedBits()),
                Figures.significant(l.transmittedBitsPerParameter()),
                "what coding the data online has saved"));
        lines.add(row(
                "absorbed",
                "area above L",
                Figures.significant(l.etaAbsorbed()),
                Figures.si(l.absorbedBits()),
                Figures.significant(l.absorbedBitsPerParameter()),
                "what the model took up"));
        lines.add(row(
                "dataset",
                l.tokens() > l.uniqueTokens() ? "U, loss now" : "D, loss now",
                Figures.significant(l.etaDataset()),
                Figures.si(l.datasetBits()),
                Figures.significant(l.datasetBitsPerParameter()),
                "if the data were coded with today's model"));
    }

    private static String row(String name, String reading, String eta, String bits, String perParameter, String words) {
        return String.format(
                        Locale.ROOT,
                        "  %-13s  %-12s  %9s  %10s  %14s   %s",
                        name,
                        reading,
                        eta,
                        bits,
                        perParameter,
                        words)
                .stripTrailing();
    }

    private void facts(String log) {
        Losses losses = run.losses();
        Baseline h = run.baseline();
        lines.add("");
        fact(
                "loss",
                Figures.fixed(h.nats(), 3) + " → " + Figures.fixed(losses.current(), 3) + " nats ("
                        + Figures.fixed(losses.bitsPerToken(), 2) + " bits/token), mean "
                        + Figures.fixed(losses.mean(), 3));
        fact("baseline", baseline(h));
        fact("model", model());
        fact("verdict", run.verdict().sentence());
        SaturationCause cause = run.verdict().cause();
        if (cause != null) {
            fact("", "likely cause: " + cause.sentence());
        }
        fact(
                "energy",
                "Landauer floor " + Figures.scientific(run.ledger().landauerFloorJoules()) + " J at "
                        + Figures.significant(run.info().temperatureKelvin()) + " K");
        fact("log", log);
    }

    private String baseline(Baseline h) {
        String text = "H " + Figures.fixed(h.nats(), 3) + " nats (" + h.method().words() + ")";
        double uniform = Math.log(run.info().vocabularySize());
        if (!Double.isNaN(uniform)) {
            text += ", ln V = " + Figures.fixed(uniform, 3);
        }
        if (h.suspect()) {
            text += ", suspect: the first step's loss was " + Figures.fixed(h.initialLossNats(), 3);
        }
        return h.assumed() ? text + ", assumed: the first step's loss is not known" : text;
    }

    private String model() {
        return Figures.whole(run.info().size().parameters()) + " parameters × "
                + Figures.significant(run.info().size().bitsPerParameter()).replaceFirst("\\.0+$", "") + " bit = "
                + Figures.si(run.info().size().bits()) + "bit";
    }

    private void fact(String name, String text) {
        lines.add(String.format(Locale.ROOT, "  %-9s %s", name, text));
    }
}
