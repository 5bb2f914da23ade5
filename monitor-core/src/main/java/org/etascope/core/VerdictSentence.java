package org.etascope.core;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a verdict says in words: the first of these, in this order, whose phase or condition holds. Every way out says these
 * words; one that cannot call Java (an alert's template) takes the {@link #pattern()} and puts its own figures in.
 */
public enum VerdictSentence {
    /** Three or more losses in a row were not finite. */
    FAULT(Condition.FAULT, "fault: the last losses are not finite"),
    /** Nothing is gained. */
    FLAT(Phase.SATURATED, "flat under the current learning rate and data: " + Words.FIGURES),
    /** Nothing was ever gained. */
    NOT_LEARNING(Condition.NOT_LEARNING, "not learning: the loss has not left its baseline"),
    /** Nothing has been gained yet. */
    WAITING(Phase.INITIAL, "waiting: the loss has not left its baseline yet"),
    /** Too few bins. */
    WARMING_UP(Condition.WARMING_UP, "learning: too early for a slope ({bins} of 16 bins)"),
    /** The validation loss rises. */
    OVERFITTING(Condition.OVERFITTING, "overfitting, the validation loss rises: " + Words.FIGURES),
    /** The training loss rises. */
    RISING(Condition.RISING, "rising: " + Words.FIGURES),
    /** The interval is too wide. */
    INCONCLUSIVE(Condition.INCONCLUSIVE, "inconclusive, too noisy to call: " + Words.FIGURES),
    /** What is said when none of the above holds. */
    LEARNING(Phase.TRAINING, "learning: " + Words.FIGURES);

    private static final class Words {
        static final String FIGURES = "{rate} ± {error} nats per doubling over the last e-fold (threshold {threshold})";
    }

    private final @Nullable Phase phase;
    private final @Nullable Condition condition;
    private final String pattern;

    VerdictSentence(Phase phase, String pattern) {
        this.phase = phase;
        this.condition = null;
        this.pattern = pattern;
    }

    VerdictSentence(Condition condition, String pattern) {
        this.phase = null;
        this.condition = condition;
        this.pattern = pattern;
    }

    /** {@return the phase in which it is said, empty if a condition decides} */
    public Optional<Phase> phase() {
        return Optional.ofNullable(phase);
    }

    /** {@return the condition under which it is said, empty if a phase decides} */
    public Optional<Condition> condition() {
        return Optional.ofNullable(condition);
    }

    /**
     * {@return the words, with places for figures: {@code {rate}}, {@code {error}} and {@code {threshold}} in nats per
     * doubling, all with {@link #decimals} of the error, and {@code {bins}}}
     */
    public String pattern() {
        return pattern;
    }

    /**
     * {@return decimals of a figure with this error: they grow until the error shows, ⌈−log₁₀ error⌉ within 2 and 6, so
     * that no figure claims more than is known; 2 for an error that is unknown or not positive}
     *
     * @param error the figure after "±"
     */
    public static int decimals(double error) {
        return error > 0 ? Math.min(6, Math.max(2, (int) Math.ceil(-Math.log10(error)))) : 2;
    }

    private boolean holds(Verdict verdict) {
        return verdict.phase() == phase
                || (condition != null && verdict.conditions().contains(condition));
    }

    static String of(Verdict verdict) {
        VerdictSentence said = LEARNING;
        for (VerdictSentence one : values()) {
            if (one.holds(verdict)) {
                said = one;
                break;
            }
        }
        Slope slope = verdict.slope();
        String number = "%." + decimals(slope.natsPerDoublingError()) + "f";
        return said.pattern
                .replace("{rate}", String.format(Locale.ROOT, number, slope.natsPerDoubling()))
                .replace("{error}", String.format(Locale.ROOT, number, slope.natsPerDoublingError()))
                .replace("{threshold}", String.format(Locale.ROOT, number, slope.thresholdNatsPerDoubling()))
                .replace("{bins}", Integer.toString(verdict.bins()));
    }
}
