/**
 * Deeplearning4j's distributed engine on Spark, seen from the driver as one run: one {@link
 * org.etascope.core.RunMonitor} whose steps are those of all workers. Open {@link org.etascope.spark.SparkEta} first.
 *
 * <p>Knows the core and the listener, none of the exporters. Upstream has ended its support of Spark.
 */
@NullMarked
package org.etascope.spark;

import org.jspecify.annotations.NullMarked;
