package org.etascope.core;

/**
 * Told of a run's turning points, off the training thread: a daemon thread calls all observers of all runs, one event at a
 * time in order. An exception is counted and contained; events beyond a bounded queue (1,024) are dropped and counted, as
 * are those that come while an observer does not return.
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
     * The run has ended.
     *
     * @param last its last moment; its timeline says how the run ended
     */
    default void ended(RunSnapshot last) {}
}
