package org.etascope.core;

/**
 * What this process has done since the monitor was built. Only ever grows, whatever is restored, so that rates over it
 * are true.
 *
 * @param steps steps with a finite loss
 * @param tokens tokens of those steps
 * @param nonFiniteSteps steps whose loss was not finite
 * @param skippedSteps steps without a token or a usable loss
 * @param segments segments begun, the first one included
 * @param listenerErrors faults of the monitor's own that were contained
 * @param listenerNanos time spent inside the monitor's callbacks on the training thread, in nanoseconds
 * @param droppedEvents events that observers did not get because their queue was full
 * @param observerErrors exceptions of observers that were contained
 */
public record ProcessCounters(
        long steps,
        long tokens,
        long nonFiniteSteps,
        long skippedSteps,
        long segments,
        long listenerErrors,
        long listenerNanos,
        long droppedEvents,
        long observerErrors) {}
