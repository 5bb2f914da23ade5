package org.etascope.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run has taken, in words. */
final class EnergySentences {
    private static final String PREFIXES = "nµm kMGTPE";
    private static final int NO_PREFIX = PREFIXES.indexOf(' ');

    private EnergySentences() {}

    static List<String> of(RunSnapshot run) {
        RunEnergy energy = run.energy();
        List<String> sentences = new ArrayList<>();
        if (!Double.isNaN(energy.joules())) {
            sentences.add(measured(energy));
            worth(run, sentences);
            price(run, sentences);
            tokensToCome(run, sentences);
        }
        if (energy.joulesSincePlateau() > 0) {
            sentences.add("Since the plateau: " + joules(energy.joulesSincePlateau())
                    + ", what stopping there would have saved.");
        }
        if (energy.reason() != null) {
            sentences.add((sentences.isEmpty() ? "Not measured: " : "Not all is measured: ") + energy.reason() + ".");
        }
        if (sentences.isEmpty()) {
            sentences.add("Not measured: no source of energy.");
        }
        return sentences;
    }

    private static String measured(RunEnergy energy) {
        return String.format(
                Locale.ROOT,
                "%s measured at this machine: %s%.0f %% of the run's time; whatever else ran is included%s; what no counter"
                        + " shows, such as power supply, fans and network, is not.",
                joules(energy.joules()),
                energy.parts().isEmpty() ? "" : Words.list(energy.parts()) + ", ",
                100 * energy.coverage().share(),
                energy.shared() ? ", other runs too" : "");
    }

    private static void worth(RunSnapshot run, List<String> sentences) {
        double perToken = run.energy().joulesPerToken();
        double ratio = Figure.LOG10_ENERGY_RATIO.value(run);
        if (!Double.isNaN(perToken)) {
            sentences.add(
                    "That is " + joules(perToken) + " a " + run.info().unit().label()
                            + (Double.isFinite(ratio) ? ", " + InformationCapacity.energyRatioWords(ratio) : "")
                            + ".");
        }
    }

    private static void price(RunSnapshot run, List<String> sentences) {
        double now = Figure.JOULES_PER_ABSORBED_BIT.value(run);
        double lower = Figure.JOULES_PER_ABSORBED_BIT_LOWER.value(run);
        double upper = Figure.JOULES_PER_ABSORBED_BIT_UPPER.value(run);
        if (Double.isInfinite(now)) {
            sentences.add("Nothing is learnt now: a bit has no price.");
        } else if (!Double.isNaN(now)) {
            sentences.add("An absorbed bit costs " + joules(now) + " now" + interval(lower, upper) + ".");
        }
    }

    private static void tokensToCome(RunSnapshot run, List<String> sentences) {
        double next = Figure.NEXT_HUNDREDTH_NAT_JOULES.value(run);
        if (Double.isFinite(next)) {
            sentences.add("The next 0.01 nats cost " + joules(next)
                    + interval(
                            Figure.NEXT_HUNDREDTH_NAT_JOULES_LOWER.value(run),
                            Figure.NEXT_HUNDREDTH_NAT_JOULES_UPPER.value(run))
                    + ".");
        }
        double end = Figure.PLANNED_END_JOULES.value(run);
        if (end > 0 && !run.timeline().ended()) {
            sentences.add("The way to the planned end costs " + joules(end) + ".");
        }
    }

    private static String interval(double lower, double upper) {
        return Double.isInfinite(upper)
                ? " (from " + joules(lower) + " on)"
                : " (" + joules(lower) + " to " + joules(upper) + ")";
    }

    /** Three significant digits with a prefix: "1.21 MJ", "45.0 mJ". */
    static String joules(double joules) {
        if (joules == 0 || !Double.isFinite(joules)) {
            return joules == 0 ? "0 J" : joules > 0 ? "∞ J" : "– J";
        }
        double magnitude = Math.floor(Math.log10(Double.parseDouble(String.format(Locale.ROOT, "%.2e", joules))));
        int power = (int) Math.min(PREFIXES.length() - 1 - NO_PREFIX, Math.max(-NO_PREFIX, Math.floor(magnitude / 3)));
        int decimals = (int) Math.min(2, Math.max(0, 2 - (magnitude - 3 * power)));
        String prefix = power == 0 ? "" : PREFIXES.substring(NO_PREFIX + power, NO_PREFIX + power + 1);
        return String.format(Locale.ROOT, "%." + decimals + "f %sJ", joules / Math.pow(1000, power), prefix);
    }
}
