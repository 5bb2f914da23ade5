/**
 * What a training run has learnt, computed from its losses alone.
 *
 * <p>Open {@link org.etascope.core.RunMonitor} first: a training thread hands it one call per step, anyone may ask it
 * for a {@link org.etascope.core.RunSnapshot}, one consistent moment of the run. The snapshot is made of small records,
 * each the specification of its own numbers:
 *
 * <ul>
 *   <li>{@link org.etascope.core.Ledger}: the three readings of the information capacity, their bits and errors, the
 *       energy floor;
 *   <li>{@link org.etascope.core.Baseline}: the code length per token that all of them are measured against;
 *   <li>{@link org.etascope.core.Verdict}: phase, conditions and the learning slope with its interval;
 *   <li>{@link org.etascope.core.CurvePoint}: the log-binned history;
 *   <li>{@link org.etascope.core.LayerPoint}: how each layer improves the prediction, from {@link
 *       org.etascope.core.LayerResiduals}.
 * </ul>
 *
 * <p>{@link org.etascope.core.RunState} is what survives a crash, {@link org.etascope.core.InformationCapacity} and
 * {@link org.etascope.core.ScalingLaw} are for planning. Losses are nats per
 * token everywhere; {@link org.etascope.core.LossUnit} converts once, at the edge. "The paper" is An, Song and Li,
 * <i>Physics in Next-token Prediction</i>, arXiv 2411.00660.
 */
@NullMarked
package org.etascope.core;

import org.jspecify.annotations.NullMarked;
