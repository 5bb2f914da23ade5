package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.etascope.core.Condition;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.loss.SoftmaxCrossEntropyWithLogitsLoss;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A language model with one layer of causal attention, trained by SameDiff. */
class SameDiffTest {
    private static final int V = 6;
    private static final int D = 8;
    private static final int T = 5;
    private static final int MINIBATCH = 4;
    private static final int ROWS = MINIBATCH * T;
    private static final int STEPS = 30;
    private static final int CUTS = 8;

    private final RunMonitor monitor = RunMonitor.builder("attention").build();

    private enum Form {
        MEAN,
        SUM,
        VECTOR,
        SPARSE_MEAN,
        SPARSE_VECTOR
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void fit_everyReduction_natsAsByHand(Form form) {
        SameDiff sd = model(form, true);
        sd.setListeners(new EtaSameDiffListener(monitor));
        for (int i = 0; i < 3; i++) {
            DataSet batch = batch(i, form);
            double nats = byHand(sd, batch);
            sd.fit(batch);
            assertThat(monitor.snapshot().losses().last()).isCloseTo(nats / ROWS, within(1e-9));
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.info().unsupportedReason()).isNull();
        assertThat(now.progress().tokens()).isEqualTo(3 * ROWS);
        assertThat(now.progress().learningRate()).isEqualTo(0.02);
        assertThat(now.info().size().parameters()).isEqualTo(V * D + 3 * D * D + D * V);
        assertThat(now.info().size().bitsPerParameter()).isEqualTo(64);
        assertThat(now.info().vocabularySize()).isEqualTo(V);
        assertThat(now.process().listenerErrors()).isZero();
    }

    @Test
    void fit_longer_theModelLearns() {
        SameDiff sd = model(Form.MEAN, true);
        sd.setListeners(new EtaSameDiffListener(monitor));
        for (int i = 0; i < 60; i++) {
            sd.fit(batch(i % 5, Form.MEAN));
        }
        RunSnapshot now = monitor.snapshot();
        assertThat(now.losses().last()).isLessThan(now.baseline().nats() - 0.3);
        assertThat(now.ledger().eta()).isPositive();
    }

    @Test
    void fit_lossNotAskedFor_zeroIsAnsweredWithTheMend() {
        SameDiff sd = model(Form.MEAN, false);
        sd.setListeners(new EtaSameDiffListener(monitor));
        sd.fit(batch(0, Form.MEAN));
        sd.fit(batch(1, Form.MEAN));
        assertThat(monitor.snapshot().info().unsupportedReason())
                .isEqualTo("SameDiff reports the loss as 0; let the training configuration say"
                        + " .trainEvaluation(\"loss\", 0), without evaluations");
        assertThat(monitor.snapshot().progress().skippedSteps()).isEqualTo(2);
        assertThat(monitor.snapshot().progress().tokens()).isZero();
    }

    @Test
    void fit_squaredError_refusedByTheNameOfItsOperation() {
        assertThat(reason((sd, labels, out) ->
                        sd.loss().meanSquaredError("loss", labels, out, null, LossReduce.MEAN_BY_NONZERO_WEIGHT_COUNT)))
                .startsWith("loss variable \"loss\" comes from the operation mean_sqerr_loss; supported: softmax_");
    }

    @Test
    void fit_lossVariableOfAnotherName_namesTheOnesThereAre() {
        SameDiff sd = model(Form.MEAN, true);
        sd.setListeners(new EtaSameDiffListener(monitor, "cost"));
        sd.fit(batch(0, Form.MEAN));
        assertThat(monitor.snapshot().info().unsupportedReason())
                .isEqualTo("no such loss variable: \"cost\", allowed: [loss]");
    }

    @Test
    void fit_smoothedLabels_refused() {
        assertThat(reason((sd, labels, out) -> sd.loss()
                        .softmaxCrossEntropy("loss", labels, out, null, LossReduce.MEAN_BY_NONZERO_WEIGHT_COUNT, 0.1)))
                .isEqualTo("loss variable \"loss\" smooths its labels: the loss is no code length");
    }

    private interface LossVariable {
        void define(SameDiff sd, SDVariable labels, SDVariable out);
    }

    /** Why a linear classifier with such a loss is refused. */
    private String reason(LossVariable loss) {
        SameDiff sd = SameDiff.create();
        SDVariable in = sd.placeHolder("in", DataType.DOUBLE, -1, 3);
        SDVariable labels = sd.placeHolder("labels", DataType.DOUBLE, -1, 2);
        loss.define(sd, labels, in.mmul(sd.var("w", Nd4j.rand(DataType.DOUBLE, 3, 2))));
        configure(sd, true);
        sd.setListeners(new EtaSameDiffListener(monitor));
        sd.fit(new DataSet(Nd4j.rand(DataType.DOUBLE, 2, 3), Nd4j.eye(2).castTo(DataType.DOUBLE)));
        return String.valueOf(monitor.snapshot().info().unsupportedReason());
    }

    @Test
    void resume_anyCutPoint_sameLedgerAndVerdictBitForBit(@TempDir Path directory) throws IOException {
        SameDiff uncut = model(Form.MEAN, true);
        RunMonitor whole = RunMonitor.builder("whole").build();
        uncut.setListeners(new EtaSameDiffListener(whole));
        fit(uncut, 0, STEPS);
        Random random = new Random(3);
        for (int i = 0; i < CUTS; i++) {
            int cut = 1 + random.nextInt(STEPS - 1);
            Path file = directory.resolve("graph" + i + ".fb");
            SameDiff first = model(Form.MEAN, true);
            EtaSameDiffListener eta =
                    new EtaSameDiffListener(RunMonitor.builder("first").build());
            first.setListeners(eta);
            fit(first, 0, cut);
            eta.saveModel(first, file);

            SameDiff second = SameDiff.load(file.toFile(), true);
            RunMonitor resumed = RunMonitor.builder("second").build();
            second.setListeners(EtaSameDiffListener.resume(resumed, file));
            fit(second, cut, STEPS);
            assertThat(parameters(second)).isEqualTo(parameters(uncut));
            ResumeTest.assertSame(resumed.snapshot(), whole.snapshot());
            assertThat(resumed.snapshot().process().listenerErrors()).isZero();
        }
    }

    @Test
    void resume_graphWithoutState_newSegmentWithAssumedBaseline(@TempDir Path directory) {
        SameDiff first = model(Form.MEAN, true);
        fit(first, 0, 5);
        Path file = directory.resolve("bare.fb");
        first.save(file.toFile(), true);
        SameDiff second = SameDiff.load(file.toFile(), true);
        second.setListeners(EtaSameDiffListener.resume(monitor, file, "loss"));
        fit(second, 5, 8);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(3);
        assertThat(monitor.snapshot().progress().segment()).isEqualTo(1);
        assertThat(monitor.snapshot().verdict().conditions()).contains(Condition.BASELINE_ASSUMED);
    }

    @Test
    void resume_stateOfAnEarlierStep_isNoticedAsANewSegment(@TempDir Path directory) throws IOException {
        SameDiff sd = model(Form.MEAN, true);
        EtaSameDiffListener eta =
                new EtaSameDiffListener(RunMonitor.builder("first").build());
        sd.setListeners(eta);
        Path file = directory.resolve("early.fb");
        fit(sd, 0, 5);
        eta.saveState(file);
        fit(sd, 5, 9);
        sd.setListeners(EtaSameDiffListener.resume(monitor, file));
        fit(sd, 9, 12);
        assertThat(monitor.snapshot().progress().segment()).isEqualTo(1);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(5 + 3);
    }

    @Test
    void fit_dataThrowAtEveryQuestion_parametersBitIdentical() {
        SameDiff watched = model(Form.MEAN, true);
        EtaSameDiffListener eta = new EtaSameDiffListener(monitor);
        watched.setListeners(new BaseListener() {
            @Override
            public boolean isActive(Operation operation) {
                return true;
            }

            @Override
            @SuppressWarnings("NullAway") // What breaks it.
            public void iterationDone(SameDiff sd, At at, MultiDataSet data, Loss loss) {
                eta.iterationDone(sd, at, null, loss);
            }
        });
        watched.fit(new ExistingDataSetIterator(batches(0, STEPS)), 1);
        SameDiff unwatched = model(Form.MEAN, true);
        unwatched.fit(new ExistingDataSetIterator(batches(0, STEPS)), 1);
        assertThat(parameters(watched)).isEqualTo(parameters(unwatched));
        assertThat(monitor.snapshot().process().listenerErrors()).isEqualTo(STEPS);
    }

    /** Rows of several dimensions, reduced by the graph in all the ways that give SameDiff the same sum or not. */
    private enum Reduced {
        ROWS_LEFT_TO_SAMEDIFF(loss -> loss),
        MEAN_OF_ALL(SDVariable::mean),
        SUM_OF_ALL(SDVariable::sum),
        MEAN_OVER_TIME(loss -> loss.mean(1)),
        MEAN_OVER_TIME_FROM_THE_END(loss -> loss.mean(-1)),
        MEAN_OVER_TIME_KEPT(loss -> loss.mean(true, 1)),
        MEAN_OVER_THE_MINIBATCH(loss -> loss.mean(0)),
        MEAN_OVER_TIME_THEN_SUM(loss -> loss.mean(1).sum()),
        SUM_OVER_TIME_THEN_MEAN(loss -> loss.sum(1).mean()),
        SUM_THEN_MEAN(loss -> loss.sum().mean()),
        MEAN_OVER_BOTH(loss -> loss.mean(0, 1));

        @SuppressWarnings("ImmutableEnumChecker") // A lambda without state.
        private final UnaryOperator<SDVariable> how;

        Reduced(UnaryOperator<SDVariable> how) {
            this.how = how;
        }
    }

    @ParameterizedTest
    @EnumSource(Reduced.class)
    void fit_rowsOfTwoDimensions_natsAsByHand(Reduced reduced) {
        int minibatch = 4;
        int time = 3;
        SameDiff sd = SameDiff.create();
        SDVariable in = sd.placeHolder("in", DataType.DOUBLE, minibatch, time, V);
        SDVariable labels = sd.placeHolder("labels", DataType.DOUBLE, minibatch, time, V);
        SDVariable bias = sd.var("bias", Nd4j.linspace(DataType.DOUBLE, 0, 0.3, V));
        SDVariable each = new SoftmaxCrossEntropyWithLogitsLoss(sd, in.add(bias), labels, -1).outputVariable();
        reduced.how.apply(each).rename("loss");
        configure(sd, true);
        sd.setListeners(new EtaSameDiffListener(monitor));
        INDArray features = Nd4j.zeros(DataType.DOUBLE, minibatch, time, V);
        INDArray classes = Nd4j.zeros(DataType.DOUBLE, minibatch, time, V);
        double nats = 0;
        double[] logits = Nd4j.linspace(DataType.DOUBLE, 0, 0.3, V).toDoubleVector();
        double log = Math.log(DoubleStream.of(logits).map(Math::exp).sum());
        for (int b = 0; b < minibatch; b++) {
            for (int t = 0; t < time; t++) {
                classes.putScalar(new int[] {b, t, (b + 2 * t) % V}, 1);
                nats += log - logits[(b + 2 * t) % V];
            }
        }
        sd.fit(new DataSet(features, classes));
        assertThat(monitor.snapshot().info().unsupportedReason()).isNull();
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo((long) minibatch * time);
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
        assertThat(monitor.snapshot().info().vocabularySize()).isEqualTo(V);
    }

    @ParameterizedTest
    @EnumSource(names = {"MEAN", "SUM"})
    void fit_meanOfWhatIsAScalarAlready_divisionIsByOne(Form form) {
        SameDiff sd = SameDiff.create();
        SDVariable in = sd.placeHolder("in", DataType.DOUBLE, ROWS, V);
        SDVariable labels = sd.placeHolder("labels", DataType.DOUBLE, ROWS, V);
        SDVariable logits = in.mmul("logits", weight(sd, "out", V, V));
        LossReduce reduction = form == Form.MEAN ? LossReduce.MEAN_BY_NONZERO_WEIGHT_COUNT : LossReduce.SUM;
        sd.loss()
                .softmaxCrossEntropy("inner", labels, logits, null, reduction, 0)
                .mean("loss");
        configure(sd, true);
        sd.setListeners(new EtaSameDiffListener(monitor));
        DataSet batch = batch(1, Form.MEAN);
        double nats = byHand(sd, batch);
        sd.fit(batch);
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
    }

    @Test
    void fit_numbersMadeOneHotInTheGraph_everyNumberIsAToken() {
        SameDiff sd = SameDiff.create();
        SDVariable in = sd.placeHolder("in", DataType.DOUBLE, ROWS, V);
        SDVariable numbers = sd.placeHolder("labels", DataType.INT32, ROWS);
        SDVariable logits = in.mmul("logits", weight(sd, "out", V, V));
        SDVariable labels = sd.oneHot(numbers, V, -1, 1, 0, DataType.DOUBLE);
        sd.loss().softmaxCrossEntropy("loss", labels, logits, null, LossReduce.MEAN_BY_NONZERO_WEIGHT_COUNT, 0);
        configure(sd, true);
        sd.setListeners(new EtaSameDiffListener(monitor));
        DataSet batch = batch(1, Form.SPARSE_MEAN);
        double nats = byHand(sd, batch);
        sd.fit(batch);
        assertThat(monitor.snapshot().info().unsupportedReason()).isNull();
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(ROWS);
        assertThat(monitor.snapshot().ledger().codeLengthNats()).isCloseTo(nats, within(1e-9));
    }

    @Test
    void fit_softLabelsFromTheFifthStepOn_refusedSoon() {
        SameDiff sd = model(Form.MEAN, true);
        sd.setListeners(new EtaSameDiffListener(monitor));
        fit(sd, 0, 4);
        DataSet soft = batch(9, Form.MEAN);
        soft.setLabels(soft.getLabels().mul(0.9).addi(0.1 / V));
        sd.fit(soft);
        assertThat(monitor.snapshot().progress().steps()).isEqualTo(4);
        assertThat(monitor.snapshot().info().unsupportedReason()).startsWith("the labels are soft");
    }

    @Test
    void fit_twoGraphsOnOneListener_theSecondIsRefused() {
        EtaSameDiffListener eta = new EtaSameDiffListener(monitor);
        SameDiff first = model(Form.MEAN, true);
        SameDiff second = model(Form.SUM, true);
        second.getVariable("out").getArr().addi(0.1);
        first.setListeners(eta);
        second.setListeners(eta);
        for (int i = 0; i < 3; i++) {
            first.fit(batch(i, Form.MEAN));
            second.fit(batch(i, Form.SUM));
        }
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(3 * ROWS);
        assertThat(monitor.snapshot().progress().skippedSteps()).isEqualTo(3);
        assertThat(monitor.snapshot().progress().segment()).isZero();
    }

    @Test
    void fit_twoListenersOnOneRunAndGraph_stepsCountOnce() {
        SameDiff sd = model(Form.MEAN, true);
        sd.setListeners(new EtaSameDiffListener(monitor), new EtaSameDiffListener(monitor));
        fit(sd, 0, 3);
        assertThat(monitor.snapshot().progress().tokens()).isEqualTo(3 * ROWS);
    }

    private static void fit(SameDiff sd, int from, int to) {
        batches(from, to).forEach(sd::fit);
    }

    private static List<DataSet> batches(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> batch(i, Form.MEAN)).toList();
    }

    private static List<INDArray> parameters(SameDiff sd) {
        return Stream.of("embedding", "q", "k", "v", "out")
                .map(name -> sd.getVariable(name).getArr())
                .toList();
    }

    private static double byHand(SameDiff sd, DataSet batch) {
        INDArray logits =
                sd.output(Map.of("in", batch.getFeatures()), List.of("logits")).get("logits");
        boolean sparse = batch.getLabels().rank() == 1;
        double nats = 0;
        for (int r = 0; r < ROWS; r++) {
            double sum = 0;
            for (int v = 0; v < V; v++) {
                sum += Math.exp(logits.getDouble(r, v));
            }
            for (int v = 0; v < V; v++) {
                boolean label = sparse
                        ? batch.getLabels().getInt(r) == v
                        : batch.getLabels().getDouble(r, v) == 1;
                if (label) {
                    nats += Math.log(sum) - logits.getDouble(r, v);
                }
            }
        }
        return nats;
    }

    private static SameDiff model(Form form, boolean askForTheLoss) {
        Nd4j.getRandom().setSeed(6);
        SameDiff sd = SameDiff.create();
        SDVariable in = sd.placeHolder("in", DataType.DOUBLE, ROWS, V);
        SDVariable x = in.mmul(weight(sd, "embedding", V, D));
        SDVariable q = x.mmul(weight(sd, "q", D, D)).reshape(MINIBATCH, T, D);
        SDVariable k = x.mmul(weight(sd, "k", D, D)).reshape(MINIBATCH, T, D);
        SDVariable v = x.mmul(weight(sd, "v", D, D)).reshape(MINIBATCH, T, D);
        SDVariable future = sd.constant("future", causalMask());
        SDVariable scores = q.mmul(sd.permute(k, 0, 2, 1)).div(Math.sqrt(D)).add(future);
        SDVariable mixed = sd.nn().softmax(scores, 2).mmul(v).reshape(ROWS, D);
        SDVariable logits = mixed.add(x).mmul("logits", weight(sd, "out", D, V));
        loss(sd, logits, form);
        configure(sd, askForTheLoss);
        return sd;
    }

    private static void loss(SameDiff sd, SDVariable logits, Form form) {
        if (form == Form.SPARSE_MEAN || form == Form.SPARSE_VECTOR) {
            SDVariable labels = sd.placeHolder("labels", DataType.INT32, ROWS);
            if (form == Form.SPARSE_VECTOR) {
                sd.loss().sparseSoftmaxCrossEntropy("loss", logits, labels);
            } else {
                sd.loss().sparseSoftmaxCrossEntropy("each", logits, labels).mean("loss");
            }
        } else {
            SDVariable labels = sd.placeHolder("labels", DataType.DOUBLE, ROWS, V);
            LossReduce reduction = form == Form.MEAN
                    ? LossReduce.MEAN_BY_NONZERO_WEIGHT_COUNT
                    : form == Form.SUM ? LossReduce.SUM : LossReduce.NONE;
            sd.loss().softmaxCrossEntropy("loss", labels, logits, null, reduction, 0);
        }
    }

    private static void configure(SameDiff sd, boolean askForTheLoss) {
        sd.setLossVariables("loss");
        TrainingConfig.Builder config = new TrainingConfig.Builder()
                .updater(new Adam(0.02))
                .l2(0.001)
                .dataSetFeatureMapping("in")
                .dataSetLabelMapping("labels");
        if (askForTheLoss) {
            config.trainEvaluation("loss", 0);
        }
        sd.setTrainingConfig(config.build());
    }

    private static SDVariable weight(SameDiff sd, String name, int rows, int columns) {
        return sd.var(name, Nd4j.randn(DataType.DOUBLE, rows, columns).muli(0.3));
    }

    private static INDArray causalMask() {
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, 1, T, T);
        for (int i = 0; i < T; i++) {
            for (int j = i + 1; j < T; j++) {
                mask.putScalar(new int[] {0, i, j}, -1e9);
            }
        }
        return mask;
    }

    private static DataSet batch(long seed, Form form) {
        Random random = new Random(seed);
        boolean sparse = form == Form.SPARSE_MEAN || form == Form.SPARSE_VECTOR;
        INDArray features = Nd4j.zeros(DataType.DOUBLE, ROWS, V);
        INDArray labels = sparse ? Nd4j.zeros(DataType.INT32, ROWS) : Nd4j.zeros(DataType.DOUBLE, ROWS, V);
        for (int b = 0; b < MINIBATCH; b++) {
            int symbol = random.nextInt(V);
            for (int t = 0; t < T; t++) {
                int row = b * T + t;
                features.putScalar(row, symbol, 1);
                symbol = random.nextInt(5) == 0 ? random.nextInt(V) : (symbol + 1) % V;
                if (sparse) {
                    labels.putScalar(row, symbol);
                } else {
                    labels.putScalar(row, symbol, 1);
                }
            }
        }
        return new DataSet(features, labels);
    }
}
