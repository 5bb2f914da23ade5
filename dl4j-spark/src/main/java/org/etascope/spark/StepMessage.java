package org.etascope.spark;

import java.io.Serializable;
import java.util.List;

/**
 * Steps of one executor for one run.
 *
 * @param executor a name that no other executor's process has
 * @param sequence 1, 2, 3 … of that process
 * @param updates the steps
 * @param lost steps before these that there was no room for
 */
record StepMessage(String executor, long sequence, List<StepUpdate> updates, long lost) implements Serializable {}
