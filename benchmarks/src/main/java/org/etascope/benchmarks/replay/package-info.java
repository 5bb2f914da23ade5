/**
 * What reading a log costs: {@link org.etascope.benchmarks.replay.ReplayCost} holds the {@code replay} command against
 * merely splitting the same file into lines.
 */
@NullMarked
package org.etascope.benchmarks.replay;

import org.jspecify.annotations.NullMarked;
