package org.etascope.benchmarks.characteristic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.etascope.core.CurvePoint;
import org.etascope.core.LossBin;
import org.etascope.core.Phase;
import org.etascope.core.Slope;
import org.junit.jupiter.api.Test;

class RivalsTest {
    @Test
    void patience_noNewBest_alarmsAfterTenAverages() {
        // Averages of ten steps; the one over steps 501 to 510 is the last best.
        assertThat(Patience.alarm(losses(step -> step <= 500 ? 5 - step * 0.001 : 4.5)))
                .isEqualTo(610);
    }

    @Test
    void patience_alwaysImproving_neverAlarms() {
        assertThat(Patience.alarm(losses(step -> 5 - step * 0.001))).isEqualTo(Trial.NEVER);
    }

    private static double[] losses(IntToDoubleFunction atStep) {
        return IntStream.rangeClosed(1, 2_000).mapToDouble(atStep).toArray();
    }

    @Test
    void slope_knownPoints_givesTheTextbookT() {
        // x = 1..5, y = 2, 4, 5, 4, 5: slope 0.6, residual sum 2.4, so t = 0.6/√(0.8/10).
        List<CurvePoint> bins = new ArrayList<>();
        double[] y = {2, 4, 5, 4, 5};
        for (int i = 0; i < y.length; i++) {
            bins.add(bin(i + 1, y[i]));
        }
        assertThat(InsignificantSlope.t(bins)).isCloseTo(0.6 / Math.sqrt(0.08), within(1e-12));
    }

    @Test
    void slope_steadyThenZigzag_alarmsOnceTheWindowIsFlat() {
        List<CurvePoint> bins = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            bins.add(bin(i, (i < 60 ? 10 - 0.1 * i : 4) + (i % 2) * 0.01));
        }
        assertThat(InsignificantSlope.alarm(bins.subList(0, 60))).isEqualTo(Trial.NEVER);
        assertThat(InsignificantSlope.alarm(bins)).isBetween(80, 95);
    }

    private static CurvePoint bin(int index, double loss) {
        LossBin losses = new LossBin(index, loss, loss, loss, Double.NaN, Double.NaN);
        return new CurvePoint(0, index, index, Double.NaN, Phase.TRAINING, losses, Double.NaN, loss, Slope.UNKNOWN);
    }
}
