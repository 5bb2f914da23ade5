package org.etascope.recording;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.etascope.core.Losses;
import org.etascope.core.RunSnapshot;
import org.etascope.core.TokenUnit;
import org.etascope.core.Verdict;

/**
 * What is said of a run while it goes on.
 *
 * @param run the run as it is now
 * @param seconds time that it has been shown
 * @param share how much of it is done, 0 to 1; NaN if nobody knows
 */
record ProgressText(Recording run, double seconds, double share) {
    private static final int BAR = 25;
    private static final String INDENT = "       ";

    /**
     * {@return two lines for a terminal, neither wider than it: the widest of three layouts that fits}
     *
     * @param screen the terminal
     */
    List<String> lines(Screen screen) {
        Losses losses = now().losses();
        TokenUnit unit = now().info().unit();
        String loss = "loss " + Format.fixed(losses.current(), 3) + " nats";
        String eta = "η "
                + Format.withError(
                        now().ledger().eta(), now().ledger().transmitted().standardError());
        String done = Double.isNaN(share) ? "" : String.format(Locale.ROOT, "  %3d %%", (long) (100 * share));
        String place = String.format(
                Locale.ROOT,
                "%5s%s   step %s   %s %s",
                Format.clock(seconds),
                done,
                Format.whole(steps()),
                Format.si(now().progress().tokens()),
                unit.plural());
        String sentence = now().verdict().sentence();
        String bar = Double.isNaN(share) ? "" : "  " + Format.bar(share, BAR);
        List<String> wide = Stream.of(
                        place.substring(0, 5) + bar + place.substring(5) + "   " + Format.si(run.tokensPerSecond())
                                + "/s",
                        INDENT + loss + " (" + Format.fixed(losses.bitsPerToken(), 2) + " bits/" + unit.label() + ")   "
                                + eta + "   " + sentence)
                .map(screen::shown)
                .toList();
        if (wide.stream().allMatch(line -> line.length() <= screen.columns())) {
            return wide;
        }
        String all = screen.shown(place + "   " + loss + "   " + eta);
        Stream<String> narrower = all.length() <= screen.columns()
                ? Stream.of(all, INDENT + sentence)
                : Stream.of(
                        place,
                        "  " + loss + "   " + eta + "   "
                                + now().verdict().phase().label());
        // A line that breaks could not be rewritten.
        return narrower.map(screen::shown)
                .map(line -> line.substring(0, Math.min(line.length(), screen.columns())))
                .toList();
    }

    /** {@return one line for a log: key=value, units in the keys, values not known yet as nan} */
    String keyValues() {
        Verdict verdict = now().verdict();
        return prefix() + " progress=" + value(share, 2) + " step=" + steps() + " tokens="
                + now().progress().tokens() + " tokens_per_second=" + value(run.tokensPerSecond(), 0) + " loss_nats="
                + value(now().losses().current(), 4) + " mean_loss_nats="
                + value(now().losses().mean(), 4) + " eta="
                + value(now().ledger().eta(), 4)
                + " eta_standard_error="
                + value(now().ledger().transmitted().standardError(), 4)
                + " nats_per_doubling=" + value(verdict.slope().natsPerDoubling(), 4)
                + " nats_per_doubling_error=" + value(verdict.slope().natsPerDoublingError(), 4)
                + " phase=" + verdict.phase().label();
    }

    /** {@return the same for something that happened} */
    String keyValues(String event) {
        return prefix() + " event=\"" + event.replace('"', '\'') + '"';
    }

    private String prefix() {
        return "run=" + now().info().run().replaceAll("\\s+", "_") + " seconds=" + Math.round(seconds);
    }

    private static String value(double value, int decimals) {
        return Double.isFinite(value) ? Format.fixed(value, decimals) : "nan";
    }

    private RunSnapshot now() {
        return run.snapshot();
    }

    private long steps() {
        return now().progress().steps();
    }
}
