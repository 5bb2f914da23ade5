package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Test;

class LayerLawTest {
    private static LayerPoint point(Double... residuals) {
        return new LayerPoint(1, 1, 0, 100, List.of(residuals), List.of(residuals));
    }

    private static LayerHistory filled(int layers, int points, double eFolds) {
        LayerHistory history = new LayerHistory();
        for (int i = 0; i < points; i++) {
            long tokens = Math.round(1e5 * Math.exp(i * eFolds));
            Double[] residuals = new Double[layers];
            Arrays.fill(residuals, 1.0 / (i + 2));
            history.add(new LayerPoint(tokens, i, i, 100, List.of(residuals), List.of(residuals)));
        }
        return history;
    }

    @Test
    void law_ofResidualsThatFallByOneFactor_isThatFactor() {
        LayerLaw law = point(0.8, 0.4, 0.2, 0.1).law();
        assertThat(law.decayRatio()).isCloseTo(0.5, within(1e-15));
        assertThat(law.lower()).isCloseTo(0.5, within(1e-12));
        assertThat(law.upper()).isCloseTo(0.5, within(1e-12));
        assertThat(law.correlation()).isCloseTo(-1, within(1e-15));
    }

    @Test
    void law_isThatOfAnIndependentRegression() {
        Random random = new Random(1);
        for (int layers = 3; layers < 40; layers++) {
            SimpleRegression regression = new SimpleRegression();
            List<Double> residuals = new ArrayList<>();
            for (int layer = 1; layer <= layers; layer++) {
                residuals.add(Math.pow(0.93, layer) * Math.exp(0.05 * random.nextGaussian()));
                regression.addData(layer, Math.log(residuals.get(layer - 1)));
            }
            LayerLaw law = LayerLaw.of(residuals);
            double half = regression.getSlopeConfidenceInterval(0.05);
            assertThat(Math.log(law.decayRatio())).isCloseTo(regression.getSlope(), within(1e-12));
            assertThat(Math.log(law.upper() / law.lower()) / 2).isCloseTo(half, within(1e-4 * half));
            assertThat(law.correlation()).isCloseTo(regression.getR(), within(1e-12));
            int furthest = 1;
            for (int layer = 1; layer <= layers; layer++) {
                if (off(regression, residuals, layer) > off(regression, residuals, furthest)) {
                    furthest = layer;
                }
            }
            assertThat(law.furthestLayer()).isEqualTo(furthest);
            assertThat(Math.abs(Math.log(law.furthestRatio())))
                    .isCloseTo(off(regression, residuals, furthest), within(1e-12));
        }
    }

    private static double off(SimpleRegression line, List<Double> residuals, int layer) {
        return Math.abs(Math.log(residuals.get(layer - 1)) - line.predict(layer));
    }

    @Test
    void t_isStudentsTo4Digits() {
        for (int freedom = 1; freedom < 260; freedom++) {
            double t = new TDistribution(freedom).inverseCumulativeProbability(0.975);
            assertThat(StudentT.of95(freedom)).isCloseTo(t, within(1e-4 * t));
        }
    }

    @Test
    void law_ofFewLayers_saysWhatItKnows() {
        assertThat(point(0.5).law())
                .isEqualTo(new LayerLaw(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, Double.NaN));
        LayerLaw two = point(0.5, 0.4).law();
        assertThat(two.decayRatio()).isCloseTo(0.8, within(1e-15));
        assertThat(two.correlation()).isNaN();
        assertThat(two.furthestLayer()).isZero();
        assertThat(point(0.5, 0.4, 0.3).note()).isEqualTo("with fewer than four layers r means nothing");
        assertThat(point(0.5, 0.4, 0.3, 0.2).note()).isEmpty();
        assertThat(LayerPoint.NONE.note()).isEmpty();
        assertThat(LayerPoint.NONE.sentence()).isEmpty();
    }

    @Test
    void law_leavesOutWhatIsUnknown() {
        LayerLaw law = point(0.8, Double.NaN, 0.2, 0.1).law();
        assertThat(law.decayRatio()).isCloseTo(0.5, within(1e-15));
        assertThat(law.furthestLayer()).isNotEqualTo(2);
    }

    @Test
    void sentence_saysTheLaw() {
        assertThat(point(0.80, 0.50, 0.20, 0.10).sentence())
                .isEqualTo(
                        "prediction residual 0.800 → 0.100 over 4 layers, × 0.489 a layer (0.379 to 0.630), r −0.993;"
                                + " layer 2 is furthest off the line (× 1.17)");
        assertThat(point(0.5, 0.4).sentence())
                .isEqualTo("prediction residual 0.500 → 0.400 over 2 layers, × 0.800 a layer");
    }

    @Test
    void history_measuredOften_keepsTwoPointsFor16thOfAnEFold_andTheLatest() {
        LayerHistory history = filled(6, 10_001, 1e-3);
        assertThat(history.list()).hasSizeBetween(160, 322);
        assertThat(history.latest().steps()).isEqualTo(10_000);
        assertThat(history.list().get(0).steps()).isZero();
        assertThat(filled(6, 100, 0.125).list()).hasSize(100);
    }

    @Test
    void history_ofManyLayers_staysBounded_andKeepsBothEnds() {
        LayerHistory history = filled(256, 300, 0.125);
        assertThat(history.list()).hasSizeBetween(4, 8);
        assertThat(history.list().get(0).steps()).isZero();
        assertThat(history.latest().steps()).isEqualTo(299);
    }
}
