/**
 * What the monitor costs, by JMH: {@link org.etascope.benchmarks.speed.StepBenchmark} on the training thread, {@link
 * org.etascope.benchmarks.speed.ReadBenchmark} off it. {@code bin/soak speed} runs them with JMH's own runner.
 */
@NullMarked
package org.etascope.benchmarks.speed;

import org.jspecify.annotations.NullMarked;
