/**
 * Whether real public logs read as they should: {@link org.etascope.benchmarks.reallogs.RealLogs} replays them with the
 * command line. They are others' data, so they lie outside this project.
 */
@NullMarked
package org.etascope.benchmarks.reallogs;

import org.jspecify.annotations.NullMarked;
