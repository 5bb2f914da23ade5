package org.etascope.core;

import org.jspecify.annotations.Nullable;

/**
 * A turning point of a run, told at the step where it was found (docs/theory.md, 6.4 to 6.7).
 *
 * @param kind what happened
 * @param entered the phase that the run entered by it, null if the phase stayed
 * @param nats how far: of a slope nats per doubling, of a level nats per token; see {@link Kind}
 * @param errorNats the figure after "±"
 * @param sinceTokens D since when, NaN where the kind does not say
 * @param step steps of the run when it was found
 * @param tokens D when it was found
 * @param seconds when, seconds since 1970-01-01 UTC, NaN if steps have no time
 * @param unit what D counts
 */
public record RunEvent(
        Kind kind,
        @Nullable Phase entered,
        double nats,
        double errorNats,
        double sinceTokens,
        long step,
        long tokens,
        double seconds,
        TokenUnit unit) {

    /** What happened. Those of a slope come with nats per doubling, those of a level with nats. */
    public enum Kind {
        /** The run has shown progress for the first time; by how much is not told. */
        TRAINING(false, "learning"),
        /** The slope is flat. */
        SATURATED(false, "flat under the current learning rate and data: {nats} ± {error} nats per doubling"),
        /** The slope of a plateau leads down: learning again. */
        LEARNING(false, "learning again: {nats} ± {error} nats per doubling"),
        /** The slope of a plateau leads up. */
        RISING(false, "rising: {nats} ± {error} nats per doubling"),
        /** The loss fell off its plateau, by this much since then. */
        FELL(true, "loss fell {nats} ± {error} nats, since {since} {unit}"),
        /** The loss lies above its lowest level by more than its noise, by this much since then. */
        RISEN(true, "loss is {nats} ± {error} nats above its lowest level, since {since} {unit}"),
        /** So high a rise that training has come apart. */
        BLOW_UP(true, "loss is {nats} ± {error} nats above its lowest level, since {since} {unit}: blow-up"),
        /** The rise is over: less than half of what counted as risen is left, so more than half of the rise is gone. */
        RECOVERED(true, "recovered: more than half of the rise since {since} {unit} is gone"),
        /** The rise has lasted an e-fold of the tokens: what it led to is the new lowest level. */
        ACCEPTED(
                true,
                "loss has stayed {nats} ± {error} nats above its lowest level since {since} {unit}: taken as its new"
                        + " level");

        private final boolean level;
        private final String pattern;

        Kind(boolean level, String pattern) {
            this.level = level;
            this.pattern = pattern;
        }

        /** {@return whether it tells of the loss's level; otherwise it tells of its slope, and is an entry into a phase} */
        public boolean ofLevel() {
            return level;
        }

        /** Whether it tells of a rise above the lowest level. */
        boolean ofRise() {
            return level && this != FELL;
        }

        /** {@return the name that JSON and pages use: lower case with underscores} */
        public String label() {
            return Labels.of(this);
        }
    }

    /** {@return the event in words, the same everywhere: "loss fell 0.10 ± 0.01 nats, since 14.1 M tokens"} */
    public String sentence() {
        return kind.pattern
                .replace("{nats}", VerdictSentence.nats(nats, errorNats))
                .replace("{error}", VerdictSentence.nats(errorNats, errorNats))
                .replace("{since}", Words.tokens(sinceTokens))
                .replace("{unit}", unit.plural());
    }

    /** The same, counted in another unit. */
    RunEvent in(TokenUnit other) {
        return other == unit
                ? this
                : new RunEvent(kind, entered, nats, errorNats, sinceTokens, step, tokens, seconds, other);
    }
}
