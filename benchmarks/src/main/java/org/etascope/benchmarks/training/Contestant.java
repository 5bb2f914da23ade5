package org.etascope.benchmarks.training;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.etascope.core.RunMonitor;
import org.etascope.dl4j.EtaListener;

/**
 * A listener to be measured.
 *
 * @param name its class
 * @param listener a new one
 */
record Contestant(String name, Supplier<TrainingListener> listener) {
    /** Takes what {@link StatsListener} gathers and keeps nothing, so that storing it is not in the figure. */
    private static final StatsStorageRouter DROPPING = (StatsStorageRouter) Proxy.newProxyInstance(
            StatsStorageRouter.class.getClassLoader(),
            new Class<?>[] {StatsStorageRouter.class},
            (router, method, arguments) -> null);

    static final Contestant EMPTY = new Contestant("empty listener", Empty::new);
    static final Contestant ETA = new Contestant(
            "EtaListener", () -> new EtaListener(RunMonitor.builder("cost").build()));

    static final List<Contestant> ALL = List.of(
            EMPTY,
            ETA,
            new Contestant("CollectScoresIterationListener(1)", () -> new CollectScoresIterationListener(1)),
            new Contestant("ScoreIterationListener(1)", () -> new ScoreIterationListener(1)),
            new Contestant("PerformanceListener(1)", () -> new PerformanceListener(1, true)),
            new Contestant("StatsListener(1)", () -> new StatsListener(DROPPING, 1)));

    /** What measuring itself costs. */
    private static final class Empty extends BaseTrainingListener {}
}
