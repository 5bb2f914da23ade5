/**
 * Races, looked for by jcstress: snapshots taken while another thread steps or restores. {@link
 * org.etascope.benchmarks.concurrency.Concurrency} runs them.
 */
@NullMarked
package org.etascope.benchmarks.concurrency;

import org.jspecify.annotations.NullMarked;
