package org.etascope.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.etascope.core.Baseline;
import org.etascope.core.Ledger;
import org.etascope.core.Losses;
import org.etascope.core.RunSnapshot;
import org.etascope.core.SaturationCause;

/**
 * A run for people, in lines of text: the three readings, then facts. What every program shows at the end of a run; each
 * adds the facts that it alone knows.
 *
 * <pre>{@code
 * List<String> lines = SummaryTable.of(run, "token").baseline().model().fact("log", "csv, 812 points").lines();
 * }</pre>
 */
public final class SummaryTable {
    private final RunSnapshot run;
    private final List<String> lines = new ArrayList<>();

    private SummaryTable(RunSnapshot run) {
        this.run = run;
    }

    /**
     * {@return the readings, the losses, the verdict and the energy floor}
     *
     * @param run the run
     * @param token what a token of its data is: "token" or "char"
     */
    public static SummaryTable of(RunSnapshot run, String token) {
        SummaryTable table = new SummaryTable(run);
        table.readings();
        table.lines.add("");
        return table.losses(token).verdict().forecast().outcome().energy();
    }

    private void readings() {
        Ledger l = run.ledger();
        lines.add(row("", "reading", "η", "bits", "bits/parameter", ""));
        lines.add(row(
                "transmitted",
                "D, mean loss",
                Format.significant(l.eta()),
                Format.si(l.transmitted().bits()),
                Format.significant(l.transmitted().bitsPerParameter(run.info().size())),
                "what coding the data online has saved"));
        lines.add(row(
                "absorbed",
                "area above L",
                Format.significant(l.absorbed().eta()),
                Format.si(l.absorbed().bits()),
                Format.significant(l.absorbed().bitsPerParameter(run.info().size())),
                "what the model took up"));
        lines.add(row(
                "dataset",
                l.tokens() > run.progress().uniqueTokens() ? "U, loss now" : "D, loss now",
                Format.significant(l.dataset().eta()),
                Format.si(l.dataset().bits()),
                Format.significant(l.dataset().bitsPerParameter(run.info().size())),
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

    private SummaryTable losses(String token) {
        Losses losses = run.losses();
        return fact(
                "loss",
                Format.fixed(run.baseline().nats(), 3) + " → " + Format.fixed(losses.current(), 3) + " nats ("
                        + Format.fixed(losses.bitsPerToken(), 2) + " bits/" + token + "), mean "
                        + Format.fixed(losses.mean(), 3));
    }

    private SummaryTable verdict() {
        fact("verdict", run.verdict().sentence());
        SaturationCause cause = run.verdict().saturation().cause();
        return cause == null ? this : fact("", "likely cause: " + cause.sentence());
    }

    private SummaryTable forecast() {
        String name = "forecast";
        for (String sentence : run.forecast().sentences()) {
            fact(name, sentence);
            name = "";
        }
        return this;
    }

    private SummaryTable outcome() {
        return run.timeline().ended() ? fact("outcome", run.timeline().words()) : this;
    }

    private SummaryTable energy() {
        return fact(
                "energy",
                "Landauer floor " + Format.scientific(run.ledger().landauerFloorJoules()) + " J at "
                        + Format.significant(run.info().temperatureKelvin()) + " K");
    }

    /** {@return this table, with H and where it came from} */
    public SummaryTable baseline() {
        Baseline h = run.baseline();
        String text = "H " + Format.fixed(h.nats(), 3) + " nats (" + h.method().words() + ")";
        double uniform = Math.log(run.info().vocabularySize());
        if (!Double.isNaN(uniform)) {
            text += ", ln V = " + Format.fixed(uniform, 3);
        }
        if (h.suspect()) {
            text += ", suspect: the first step's loss was " + Format.fixed(h.initialLossNats(), 3);
        }
        return fact("baseline", h.assumed() ? text + ", assumed: the first step's loss is not known" : text);
    }

    /** {@return this table, with N and what it is made of} */
    public SummaryTable model() {
        if (!run.info().size().known()) {
            return fact("model", "-");
        }
        String size = Format.si(run.info().size().bits());
        String bits = Format.significant(run.info().size().bitsPerParameter());
        return fact(
                "model",
                Format.whole(run.info().size().parameters()) + " parameters × " + bits.replaceFirst("\\.0+$", "")
                        + " bit = " + size + "bit");
    }

    /**
     * Adds a fact.
     *
     * @param name one word, empty where the line goes on from the one before
     * @param text the rest of the line
     * @return this table
     */
    public SummaryTable fact(String name, String text) {
        lines.add(String.format(Locale.ROOT, "  %-8s %s", name, text));
        return this;
    }

    /** {@return the table, line by line} */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
