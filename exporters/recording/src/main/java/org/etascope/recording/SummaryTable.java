package org.etascope.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.etascope.core.Baseline;
import org.etascope.core.LayerPoint;
import org.etascope.core.Ledger;
import org.etascope.core.Losses;
import org.etascope.core.Reading;
import org.etascope.core.RunSnapshot;
import org.etascope.core.SaturationCause;

/**
 * A run for people, in lines of text: the three readings, then facts. What every program shows at the end of a run; each
 * adds the facts that it alone knows.
 *
 * <pre>{@code
 * List<String> lines = SummaryTable.of(run).baseline().model().fact("log", "csv, 812 points").lines(80);
 * }</pre>
 */
public final class SummaryTable {
    /** What the table needs with all columns, and without the words. */
    private static final int WITH_WORDS = 115;

    private static final int WITH_READINGS = 70;

    private final RunSnapshot run;
    private final boolean readings;
    private final List<String> facts = new ArrayList<>();

    private SummaryTable(RunSnapshot run, boolean readings) {
        this.run = run;
        this.readings = readings;
    }

    /**
     * {@return the readings, the losses, the verdict and the energy floor}
     *
     * @param run the run
     */
    public static SummaryTable of(RunSnapshot run) {
        return new SummaryTable(run, true)
                .losses()
                .verdict()
                .forecast()
                .layers()
                .outcome()
                .energy();
    }

    /** {@return what is known from the first step on: model and baseline} */
    static List<String> setting(RunSnapshot run) {
        return new SummaryTable(run, false).model().baseline().lines(0);
    }

    private List<String> readings(int columns) {
        Ledger l = run.ledger();
        String dataset = l.tokens() > run.progress().uniqueTokens() ? "U, loss now" : "D, loss now";
        return List.of(
                row(columns, "", "reading", "η", "bits", "bits/parameter", ""),
                row(columns, "transmitted", "D, mean loss", l.transmitted(), "what coding the data online has saved"),
                row(columns, "absorbed", "area above L", l.absorbed(), "what the model took up"),
                row(columns, "dataset", dataset, l.dataset(), "if the data were coded with today's model"),
                "");
    }

    private String row(int columns, String name, String meaning, Reading reading, String words) {
        return row(
                columns,
                name,
                meaning,
                Format.significant(reading.eta()),
                Format.si(reading.bits()),
                Format.significant(reading.bitsPerParameter(run.info().size())),
                words);
    }

    private static String row(
            int columns, String name, String meaning, String eta, String bits, String perParameter, String words) {
        boolean any = columns == 0;
        String second = any || columns >= WITH_READINGS ? String.format(Locale.ROOT, "  %-12s", meaning) : "";
        String last = any || columns >= WITH_WORDS ? "   " + words : "";
        return String.format(Locale.ROOT, "  %-13s%s  %9s  %10s  %14s%s", name, second, eta, bits, perParameter, last)
                .stripTrailing();
    }

    private SummaryTable losses() {
        Losses losses = run.losses();
        return fact(
                "loss",
                Format.fixed(run.baseline().nats(), 3) + " → " + Format.fixed(losses.current(), 3) + " nats ("
                        + Format.fixed(losses.bitsPerToken(), 2) + " bits/"
                        + run.info().unit().label() + "), mean "
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

    private SummaryTable layers() {
        LayerPoint layers = run.layers();
        if (!layers.known()) {
            return this;
        }
        fact("layers", layers.sentence());
        return layers.note().isEmpty() ? this : fact("", layers.note());
    }

    private SummaryTable outcome() {
        return run.timeline().ended() ? fact("outcome", run.timeline().words()) : this;
    }

    private SummaryTable energy() {
        fact("energy", run.ledger().floorWords(run.info().temperatureKelvin()));
        run.energySentences().forEach(sentence -> fact("", sentence));
        return this;
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
        facts.add(String.format(Locale.ROOT, "  %-8s %s", name, text));
        return this;
    }

    /**
     * {@return the table, line by line: the readings with as many columns as fit, then the facts, which {@link
     * Screen#line} breaks where they are too long}
     *
     * @param columns width of the terminal, 0 if it is none
     */
    public List<String> lines(int columns) {
        List<String> lines = new ArrayList<>(readings ? readings(columns) : List.of());
        lines.addAll(facts);
        return List.copyOf(lines);
    }
}
