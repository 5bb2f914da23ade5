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
    /** Nothing to judge by. */
    NO_STEP(Condition.NO_STEP, "waiting: no usable step was reported yet"),
    /** The loss has come apart. */
    BLOW_UP(Condition.BLOW_UP, Patterns.ABOVE + ": blow-up"),
    /** The loss lies above its lowest level. */
    RISEN(Condition.RISEN, Patterns.ABOVE),
    /** Nothing is gained. */
    FLAT(Phase.SATURATED, "flat under the current learning rate and data: " + Patterns.FIGURES),
    /** Nothing was ever gained. */
    NOT_LEARNING(Condition.NOT_LEARNING, "not learning: the loss has not left its baseline"),
    /** The first loss cannot be that of an untrained model, so there is nothing to judge by. */
    DOUBTED(
            Phase.INITIAL,
            Condition.BASELINE_SUSPECT,
            "no verdict: the first loss does not fit the vocabulary, so the baseline or the unit of the losses is"
                    + " doubted"),
    /** Whether anything has been gained cannot be said yet. */
    TOO_EARLY(Phase.INITIAL, Condition.WARMING_UP, "too early for a verdict ({bins} of 16 bins)"),
    /** Nothing has been gained that its noise could not explain. */
    WAITING(Phase.INITIAL, "too early for a verdict: no progress beyond the noise yet"),
    /** Too few bins. */
    WARMING_UP(Condition.WARMING_UP, "learning: too early for a slope ({bins} of 16 bins)"),
    /** The validation loss rises. */
    OVERFITTING(Condition.OVERFITTING, "overfitting, the validation loss rises: " + Patterns.FIGURES),
    /** The training loss rises. */
    RISING(Condition.RISING, "rising: " + Patterns.FIGURES),
    /** The interval is too wide. */
    INCONCLUSIVE(
            Condition.INCONCLUSIVE,
            "inconclusive: {rate} ± {error} nats per doubling against {threshold}" + Patterns.MORE),
    /** Less is gained than the threshold, but over a window that is too short, or bends too much, to call the run flat. */
    NOT_YET_FLAT(
            Phase.TRAINING, "not yet flat: below the threshold, but not steadily for long enough: " + Patterns.FIGURES),
    /** What is said when none of the above holds. */
    LEARNING(Phase.TRAINING, "learning: " + Patterns.FIGURES);

    private static final class Patterns {
        static final String FIGURES =
                "{rate} ± {error} nats per doubling over the window behind (threshold {threshold})";
        static final String NO_WINDOW = "too early for a slope, the window begins anew";
        static final String MORE = "; about {more} more {unit} would tell";
        static final String ABOVE = "loss is {above} ± {aboveError} nats above its lowest level, since {since} {unit}";
    }

    private final @Nullable Phase phase;
    private final @Nullable Condition condition;
    private final String pattern;

    VerdictSentence(Phase phase, String pattern) {
        this(phase, null, pattern);
    }

    VerdictSentence(Condition condition, String pattern) {
        this(null, condition, pattern);
    }

    VerdictSentence(@Nullable Phase phase, @Nullable Condition condition, String pattern) {
        this.phase = phase;
        this.condition = condition;
        this.pattern = pattern;
    }

    /** {@return the phase in which it is said, empty if a condition alone decides} */
    public Optional<Phase> phase() {
        return Optional.ofNullable(phase);
    }

    /** {@return the condition under which it is said, empty if a phase alone decides} */
    public Optional<Condition> condition() {
        return Optional.ofNullable(condition);
    }

    /** {@return whether it is said only where the whole interval of the slope lies below the threshold} */
    public boolean belowThreshold() {
        return this == NOT_YET_FLAT;
    }

    /**
     * {@return the words, with places for figures: {@code {rate}}, {@code {error}} and {@code {threshold}} in nats per
     * doubling, all with {@link #decimals} of the error; {@code {above}} and {@code {aboveError}} in nats, with those of
     * their error; {@code {since}} and {@code {more}} in {@code {unit}}, the plural of what D counts, and {@code {bins}}}
     */
    public String pattern() {
        return pattern;
    }

    /** {@return the same where there is no slope: after a restart there is no window for a while} */
    public String patternWithoutSlope() {
        return pattern.replace(Patterns.FIGURES, Patterns.NO_WINDOW);
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
        return (phase == null || verdict.phase() == phase)
                && (condition == null || verdict.conditions().contains(condition))
                && (!belowThreshold()
                        || verdict.slope().upper() < verdict.slope().threshold());
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
        double error = slope.natsPerDoublingError();
        Verdict.AboveLowest above = verdict.aboveLowest();
        double more = verdict.tokensUntilConclusive();
        String pattern = Double.isNaN(slope.perEFold()) ? said.patternWithoutSlope() : said.pattern;
        return (more > 0 ? pattern : pattern.replace(Patterns.MORE, ""))
                .replace("{rate}", nats(slope.natsPerDoubling(), error))
                .replace("{error}", nats(error, error))
                .replace("{threshold}", nats(slope.thresholdNatsPerDoubling(), error))
                .replace("{above}", nats(above.nats(), above.standardError()))
                .replace("{aboveError}", nats(above.standardError(), above.standardError()))
                .replace("{since}", Words.tokens(above.sinceTokens()))
                .replace("{more}", Words.about(more))
                .replace("{unit}", verdict.evidence().unit().plural())
                .replace("{bins}", Integer.toString(verdict.bins()));
    }

    /** A figure with the digits that its error allows. */
    static String nats(double nats, double error) {
        return String.format(Locale.ROOT, "%." + decimals(error) + "f", nats);
    }
}
