package org.etascope.core;

import java.util.List;

/**
 * How long the steps of this process have taken, from one to the next: a histogram. Only ever grows, whatever is restored.
 * Immutable.
 *
 * @param counts how many steps took at most each of {@link #UPPER_BOUNDS} and more than the one before, and last how many
 *     took longer than all of them
 * @param sumSeconds all of them together
 */
public record StepDurations(List<Long> counts, double sumSeconds) {
    /** In seconds. */
    public static final List<Double> UPPER_BOUNDS = List.of(.001, .003, .01, .03, .1, .3, 1., 3., 10., 30.);

    /**
     * Takes a copy of the list.
     *
     * @param counts by bounds
     * @param sumSeconds all together
     */
    public StepDurations {
        counts = List.copyOf(counts);
    }
}
