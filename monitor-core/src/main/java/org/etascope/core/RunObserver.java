package org.etascope.core;

/**
 * Told of a run's turning points, off the training thread: one daemon thread calls all observers, one event at a time in
 * order, usually within half a second. An exception is counted and contained; events beyond a bounded
 * queue are dropped and counted.
 */
public interface RunObserver {
    /**
     * Something happened: the run became flat, learns again, fell, rose, blew up, recovered.
     *
     * @param run name of the run
     * @param event what, by how much and when
     */
    default void happened(String run, RunEvent event) {}

    /**
     * The run was closed.
     *
     * @param last its last moment
     */
    default void ended(RunSnapshot last) {}
}
