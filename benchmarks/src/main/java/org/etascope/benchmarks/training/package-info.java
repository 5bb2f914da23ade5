/**
 * What listening costs a real training run: {@link org.etascope.benchmarks.training.TrainingCost} trains the same small
 * LSTM with each of several listeners and measures the processor time inside their callbacks.
 */
@NullMarked
package org.etascope.benchmarks.training;

import org.jspecify.annotations.NullMarked;
