/**
 * Whether the monitor lasts: {@link org.etascope.benchmarks.endurance.Crash} kills the demo and lets its disk fail, {@link
 * org.etascope.benchmarks.endurance.ManySteps} takes a billion steps. Each ends with an error if anything was lost or
 * doubled.
 */
@NullMarked
package org.etascope.benchmarks.endurance;

import org.jspecify.annotations.NullMarked;
