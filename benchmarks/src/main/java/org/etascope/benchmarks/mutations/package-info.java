/**
 * Whether the command line bears damaged logs: {@link org.etascope.benchmarks.mutations.MutatedLogs} is the program, {@code
 * Mutator} damages, {@code TimeLimit} tells a hang from a busy machine.
 */
@NullMarked
package org.etascope.benchmarks.mutations;

import org.jspecify.annotations.NullMarked;
