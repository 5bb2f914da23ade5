/**
 * Whether the monitor lasts: {@link org.etascope.benchmarks.endurance.Crash} kills the demo and lets its disk fail, {@link
 * org.etascope.benchmarks.endurance.ManySteps} takes a billion steps, {@link org.etascope.benchmarks.endurance.Hour}
 * watches the demo for an hour. Each ends with an error if anything was lost, doubled or grown.
 */
@NullMarked
package org.etascope.benchmarks.endurance;

import org.jspecify.annotations.NullMarked;
