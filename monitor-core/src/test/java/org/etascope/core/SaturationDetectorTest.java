package org.etascope.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The detector against the golden series: event positions exact, figures to 1e-9. */
class SaturationDetectorTest {
    private static final double BASELINE = 10.8;

    private static double noise(long t) {
        return Math.sqrt(12) * (((t * 7919) % 1000) / 1000.0 - 0.4995);
    }

    private static double goldenLoss(long t, double saturatesAt) {
        double floor = 2.6;
        return floor + (BASELINE - floor) * Math.pow(1 + Math.min(t, saturatesAt) / 5, -0.4) + 0.03 * noise(t);
    }

    @TestFactory
    Stream<DynamicTest> goldenSeries_reproduced() {
        return GoldenVectors.rows("golden_lts.csv").stream()
                .map(row -> DynamicTest.dynamicTest(row.get("series") + " m=" + row.get("window"), () -> check(row)));
    }

    private static void check(Map<String, String> row) {
        LossCurve curve = new LossCurve(4);
        SaturationDetector detector = new SaturationDetector(DetectorSettings.DEFAULT);
        List<String> events = new ArrayList<>();
        int window = Integer.parseInt(row.get("window"));
        long lastBin = 0;
        for (long t = 1; t <= Long.parseLong(row.get("T")); t++) {
            boolean before = detector.saturated();
            if (curve.add(Math.log(t), goldenLoss(t, Double.parseDouble(row.get("t_sat"))))) {
                detector.evaluate(curve, BASELINE, Math.log(t));
                lastBin = t;
            }
            if (detector.saturated() != before) {
                events.add(t + ":" + (detector.saturated() ? "SATURATED" : "TRAINING"));
            }
        }
        assertThat(String.join(" ", events)).isEqualTo(row.getOrDefault("events", ""));
        assertThat(lastBin).isEqualTo((long) Double.parseDouble(row.get("D_of_last_bin")));
        matches(row, "last_bin_loss", curve.lastClosed().mean());
        matches(row, "last_bin_lnD", curve.lastClosed().logTokens());
        matches(row, "final_bbar", detector.averageSlope());
        SaturationDetector.Window measure = window == 16 ? detector.shortWindow() : detector.reported();
        assertThat(measure.bins()).isEqualTo(window);
        matches(row, "final_lo", measure.slope().lower());
        matches(row, "final_mid", measure.slope().perEFold());
        matches(row, "final_hi", measure.slope().upper());
        matches(row, "final_kappa", measure.slope().threshold() / detector.averageSlope());
    }

    private static void matches(Map<String, String> row, String column, double actual) {
        double expected = Double.parseDouble(row.get(column));
        assertThat(actual).as(column).isEqualTo(expected, within(1e-9));
    }

    /** Learning rate, spike and recovery all move: the second golden series. */
    @Test
    void secondGoldenSeries_everythingMoving_changesPhaseWhereItShould() {
        List<String> events = new ArrayList<>();
        RunMonitor monitor = RunMonitor.builder("golden")
                .baseline(BaselineRule.fixed(BASELINE))
                .clock(() -> 0)
                .build();
        monitor.describe("", ModelSize.UNKNOWN, Math.exp(9.9));
        Phase phase = Phase.INITIAL;
        for (long t = 1; t <= 8000; t++) {
            double loss = 2.6
                    + 8.2 * Math.pow(1 + Math.min(t, 1200) / 5.0, -0.4)
                    + 0.25 * noise(t)
                    - 0.4 * clamp((t - 4000) / 400.0)
                    + 0.6 * clamp((t - 6000) / 600.0);
            monitor.step(1600, loss, t);
            Phase now = monitor.snapshot().verdict().phase();
            if (now != phase && phase != Phase.INITIAL) {
                events.add(1600 * t + ": " + now);
            }
            phase = now;
        }
        assertThat(events).containsExactly("3272000: SATURATED", "8128000: TRAINING");
    }

    private static double clamp(double x) {
        return Math.max(0, Math.min(1, x));
    }
}
