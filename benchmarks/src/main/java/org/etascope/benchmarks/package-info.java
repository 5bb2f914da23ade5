/**
 * Programs that measure Etascope: its cost beside a baseline and rivals, and how well its verdict is calibrated. Start
 * them with {@code bin/soak}, which lists them; what they found is in {@code benchmarks/README.md}.
 */
@NullMarked
package org.etascope.benchmarks;

import org.jspecify.annotations.NullMarked;
