package org.etascope.core;

import java.util.Locale;

/**
 * Something that happened to a run and is no turning point of its loss: it explains a hole or a bend in a curve. What
 * happened several times in a row, or too often to keep each, is one mark with its first and last step.
 *
 * @param kind what happened
 * @param count how often, at least 1
 * @param firstStep the first step it happened at; of the steps of the run those without a usable loss are counted here too
 * @param lastStep the last step it happened at, not before the first
 * @param tokens D when it first happened
 * @param lastTokens D when it last happened
 * @param seconds when it first happened, seconds since 1970-01-01 UTC, NaN if steps have no time
 * @param before the learning rate before it changed, NaN for other kinds
 * @param after the learning rate it changed to, NaN for other kinds
 */
public record Mark(
        Kind kind,
        long count,
        long firstStep,
        long lastStep,
        long tokens,
        long lastTokens,
        double seconds,
        double before,
        double after) {
    /** What happened. */
    public enum Kind {
        /** The loss was NaN or infinite. */
        NON_FINITE("loss not finite", "losses not finite"),
        /**
         * The learning rate fell, or rose again, by more than a tenth of its peak from one report to the next. The rise to
         * a new peak is warm-up and is not marked.
         */
        LEARNING_RATE("learning rate {before} → {after}", "learning rate {before} → {after}"),
        /** The run's state was saved with its model. */
        SAVED("state saved", "states saved"),
        /** The run went on without a stored state: a new segment. */
        NEW_SEGMENT("went on without a stored state", "times gone on without a stored state");

        private final String one;
        private final String several;

        Kind(String one, String several) {
            this.one = one;
            this.several = several;
        }

        /** {@return the name that JSON and pages use: lower case with underscores} */
        public String label() {
            return Labels.of(this);
        }
    }

    /** {@return the mark in words, the same everywhere: "12 losses not finite, steps 5,001 to 5,012"} */
    public String sentence() {
        String what = (count == 1 ? kind.one : kind.several)
                .replace("{before}", rate(before))
                .replace("{after}", rate(after));
        String often = count == 1 || kind == Kind.LEARNING_RATE ? "" : count + " ";
        String where = firstStep == lastStep
                ? String.format(Locale.ROOT, "step %,d", firstStep)
                : String.format(Locale.ROOT, "steps %,d to %,d", firstStep, lastStep);
        return often + what + ", " + where;
    }

    private static String rate(double rate) {
        return String.format(Locale.ROOT, "%.1e", rate).replace("e-0", "e-");
    }

    /** The two as one, this one being the earlier. */
    Mark with(Mark later) {
        return new Mark(
                kind,
                count + later.count,
                firstStep,
                later.lastStep,
                tokens,
                later.lastTokens,
                seconds,
                before,
                later.after);
    }
}
