package org.etascope.core;

import java.util.function.Predicate;

/**
 * Decides whether to end a run early: when the last {@code evaluations} judgements in a row found it saturated. One
 * judgement is made whenever a bin of the loss curve closes, about 32 times per e-fold of the tokens. No state of its
 * own: the same snapshot always gives the same answer, and a resumed run decides as the uncut one.
 *
 * @param evaluations judgements in a row, at least 1
 */
public record StopWhenSaturated(long evaluations) implements Predicate<RunSnapshot> {
    /**
     * Checks the range.
     *
     * @param evaluations judgements in a row
     */
    public StopWhenSaturated {
        Arguments.positive("evaluations", evaluations);
    }

    @Override
    public boolean test(RunSnapshot snapshot) {
        return snapshot.verdict().saturation().evaluations() >= evaluations;
    }
}
