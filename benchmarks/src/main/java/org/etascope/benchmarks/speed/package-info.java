/**
 * What the monitor costs, by JMH: {@link org.etascope.benchmarks.speed.StepBenchmark} on the training thread, {@link
 * org.etascope.benchmarks.speed.ReadBenchmark} off it. {@link org.etascope.benchmarks.speed.Speed} runs all of them in
 * interleaved rounds and writes the table.
 */
@NullMarked
package org.etascope.benchmarks.speed;

import org.jspecify.annotations.NullMarked;
