/**
 * The verdict's operating characteristic: how often it cries wolf on healthy runs, and how late it notices a run that has
 * stopped learning, learns again or blows up, against two rivals that people use.
 *
 * <p>{@link org.etascope.benchmarks.characteristic.Scenarios} lists the curves, {@link
 * org.etascope.benchmarks.characteristic.Trial} runs one of them through a real monitor, {@link
 * org.etascope.benchmarks.characteristic.Characteristic} runs all and writes the table.
 */
@NullMarked
package org.etascope.benchmarks.characteristic;

import org.jspecify.annotations.NullMarked;
