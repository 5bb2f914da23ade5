package org.etascope.core;

/**
 * Told of a run's turning points, off the training thread: one daemon thread calls all observers, one event at a time in
 * order, usually within half a second. An exception is counted and contained; events beyond a bounded
 * queue are dropped and counted.
 */
public interface RunObserver {
    /**
     * The phase changed.
     *
     * @param change from which to which, and when
     */
    default void phaseChanged(PhaseChange change) {}

    /**
     * The run was closed.
     *
     * @param last its last moment
     */
    default void ended(RunSnapshot last) {}
}
