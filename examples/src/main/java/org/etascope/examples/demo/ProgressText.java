package org.etascope.examples.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.etascope.core.Losses;
import org.etascope.core.ModelSize;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Verdict;
import org.etascope.recording.Format;

/**
 * What the demo says while it trains.
 *
 * @param snapshot the run's moment
 * @param elapsed time trained
 * @param budget time to train
 * @param tokensPerSecond speed lately, NaN while unknown
 */
record ProgressText(RunSnapshot snapshot, Duration elapsed, Duration budget, double tokensPerSecond) {
    private static final int BAR = 25;
    private static final String INDENT = "       ";

    /** {@return model and baseline, known once the first step is done} */
    static String model(RunSnapshot snapshot) {
        ModelSize size = snapshot.info().size();
        String text = "model   " + Format.whole(size.parameters()) + " parameters × "
                + Format.fixed(size.bitsPerParameter(), 0) + " bit = " + Format.si(size.bits())
                + "bit      baseline H "
                + Format.fixed(snapshot.baseline().nats(), 3) + " nats ("
                + snapshot.baseline().method().words();
        return text + "; ln V = " + Format.fixed(Math.log(snapshot.info().vocabularySize()), 3) + ")";
    }

    /**
     * {@return two lines for a terminal}
     *
     * @param columns its width
     */
    List<String> lines(int columns) {
        Losses losses = snapshot.losses();
        String now = "loss " + Format.fixed(losses.current(), 2) + " nats";
        String place = String.format(
                Locale.ROOT, "%3d %%   step %s   %s tokens", percent(), Format.whole(steps()), Format.si(tokens()));
        String speed = "   " + Format.si(tokensPerSecond) + "/s";
        String long1 = clock() + "  " + bar() + "  " + place + speed;
        String long2 = INDENT + now + " (" + Format.fixed(losses.bitsPerToken(), 2) + " bits/char)   " + eta() + "   "
                + sentence();
        if (long1.length() <= columns && long2.length() <= columns) {
            return List.of(long1, long2);
        }
        return List.of(
                cut(clock() + "  " + place + "   " + now + "   " + eta(), columns), cut(INDENT + sentence(), columns));
    }

    /** A line that wraps could not be rewritten. */
    private static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns - 1)) + "…";
    }

    private String clock() {
        return String.format(Locale.ROOT, "%5s", Format.clock(seconds()));
    }

    private String bar() {
        int full = (int) Math.round(BAR * fraction());
        return "█".repeat(full) + "░".repeat(BAR - full);
    }

    private String eta() {
        return "η " + Format.fixed(snapshot.ledger().eta(), 3) + " ± "
                + Format.fixed(snapshot.ledger().transmitted().standardError(), 3);
    }

    private String sentence() {
        return snapshot.verdict().sentence();
    }

    /** {@return one line for a log: key=value, units in the keys, values not known yet as nan} */
    String keyValues() {
        Verdict verdict = snapshot.verdict();
        return "seconds=" + Math.round(seconds()) + " progress=" + value(fraction(), 2) + " step=" + steps()
                + " tokens=" + tokens() + " tokens_per_second=" + value(tokensPerSecond, 0)
                + " loss_nats=" + value(snapshot.losses().current(), 4)
                + " mean_loss_nats=" + value(snapshot.losses().mean(), 4)
                + " eta=" + value(snapshot.ledger().eta(), 4)
                + " eta_standard_error=" + value(snapshot.ledger().transmitted().standardError(), 4)
                + " nats_per_doubling=" + value(verdict.slope().natsPerDoubling(), 3)
                + " nats_per_doubling_error=" + value(verdict.slope().natsPerDoublingError(), 3)
                + " phase=" + verdict.phase().label();
    }

    private static String value(double value, int decimals) {
        return Double.isFinite(value) ? Format.fixed(value, decimals) : "nan";
    }

    private double seconds() {
        return elapsed.toMillis() / 1e3;
    }

    private double fraction() {
        return Math.min(1, elapsed.toMillis() / (double) budget.toMillis());
    }

    private long percent() {
        return (long) (100 * fraction());
    }

    private long steps() {
        return snapshot.progress().steps();
    }

    private long tokens() {
        return snapshot.progress().tokens();
    }
}
