package org.etascope.core;

/**
 * A run went from one phase to another.
 *
 * @param run name of the run
 * @param from the phase left
 * @param to the phase entered
 * @param step steps of the run at that moment
 * @param tokens D at that moment
 * @param seconds when, seconds since 1970-01-01 UTC
 */
public record PhaseChange(String run, Phase from, Phase to, long step, long tokens, double seconds) {}
