/**
 * Deeplearning4j's training events, told to the core as exact tokens and nats.
 *
 * <p>Open {@link org.etascope.dl4j.EtaListener} first: one line attaches it to a MultiLayerNetwork or a
 * ComputationGraph.
 */
@NullMarked
package org.etascope.dl4j;

import org.jspecify.annotations.NullMarked;
