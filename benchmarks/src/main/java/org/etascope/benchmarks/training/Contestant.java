package org.etascope.benchmarks.training;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;

/**
 * A listener to be measured.
 *
 * @param name its class
 * @param listener a new one
 */
record Contestant(String name, Supplier<TrainingListener> listener) {
    static final Contestant EMPTY = new Contestant("empty listener", Empty::new);
    static final Contestant ETA = new Contestant(
            "EtaListener", () -> new EtaListener(RunMonitor.builder("cost").build()));
    static final Contestant COLLECT =
            new Contestant("CollectScoresIterationListener(1)", () -> new CollectScoresIterationListener(1));

    static final List<Contestant> ALL = List.of(
            EMPTY,
            ETA,
            COLLECT,
            new Contestant("ScoreIterationListener(1)", () -> new ScoreIterationListener(1)),
            new Contestant("PerformanceListener(1)", () -> new PerformanceListener(1, true)));

    /** What measuring itself costs. */
    private static final class Empty extends BaseTrainingListener {}
}
