package org.etascope.core;

import java.util.function.Predicate;

/**
 * Decides whether to end a run because its loss has blown up: so far above its lowest level that training has come apart.
 * On by nobody's default. No state of its own: the same snapshot always gives the same answer.
 */
public record StopWhenBlownUp() implements Predicate<RunSnapshot> {
    @Override
    public boolean test(RunSnapshot snapshot) {
        return snapshot.verdict().conditions().contains(Condition.BLOW_UP);
    }
}
