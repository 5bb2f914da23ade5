package org.etascope.benchmarks.training;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.StorageMetaData;
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
            new Contestant("PerformanceListener(1)", () -> new PerformanceListener(1, true)),
            new Contestant("StatsListener(1)", () -> new StatsListener(new Dropping(), 1)));

    /** What measuring itself costs. */
    private static final class Empty extends BaseTrainingListener {}

    /** Takes what {@link StatsListener} gathers and keeps nothing, so that storing it is not in the figure. */
    private static final class Dropping implements StatsStorageRouter {
        @Override
        public void putStorageMetaData(StorageMetaData data) {}

        @Override
        public void putStorageMetaData(Collection<? extends StorageMetaData> data) {}

        @Override
        public void putStaticInfo(Persistable info) {}

        @Override
        public void putStaticInfo(Collection<? extends Persistable> info) {}

        @Override
        public void putUpdate(Persistable update) {}

        @Override
        public void putUpdate(Collection<? extends Persistable> updates) {}
    }
}
