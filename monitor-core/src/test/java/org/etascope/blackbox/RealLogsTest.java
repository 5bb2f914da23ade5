package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.core.ModelSize;
import org.etascope.core.Phase;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two public training logs, and one of them frozen by hand. Skipped, and said so, where the logs are absent. */
class RealLogsTest {
    private static final long TOKENS_PER_STEP = 524_288;
    private static final Pattern LLMC = Pattern.compile("s:(\\d+) trl:(\\S+) .*");
    private static final Pattern PGOLF = Pattern.compile("step:(\\d+)/\\d+ train_loss:(\\S+) .*");

    private record Point(long step, double loss) {}

    private static List<Point> read(String name, Pattern pattern, int firstStep) throws IOException {
        Path file = Path.of(System.getenv().getOrDefault("ETASCOPE_TEST_DATA", "../shared/data"), "losslogs", name);
        assumeTrue(Files.isReadable(file), "NEEDS the real loss logs: " + file + " is not there");
        List<Point> points = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Matcher m = pattern.matcher(line);
            if (m.matches()) {
                points.add(new Point(Long.parseLong(m.group(1)) + 1 - firstStep, Double.parseDouble(m.group(2))));
            }
        }
        return points;
    }

    private static List<Point> llmc() throws IOException {
        return read("llmc_gpt2_124M_10B_main.log", LLMC, 0);
    }

    private static RunMonitor llmcMonitor() {
        return RunMonitor.builder("llm.c")
                .modelSize(new ModelSize(124_475_904, 16))
                .vocabularySize(50_257)
                .clock(() -> 0)
                .build();
    }

    @Test
    void llmcLog_neverSaturatesAndEndsWithItsKnownFigures() throws IOException {
        RunMonitor monitor = llmcMonitor();
        for (Point point : llmc()) {
            monitor.step(TOKENS_PER_STEP, point.loss(), 0);
            assertThat(monitor.snapshot().verdict().phase()).isNotEqualTo(Phase.SATURATED);
        }
        RunSnapshot end = monitor.snapshot();
        assertThat(end.progress().tokens()).isEqualTo(10_255_073_280L);
        assertThat(end.baseline().nats()).isEqualTo(11.0091);
        assertThat(end.ledger().eta()).isEqualTo(55.2, within(0.05));
        assertThat(end.ledger().etaDataset()).isEqualTo(57.3, within(0.05));
        assertThat(end.verdict().phase()).isEqualTo(Phase.TRAINING);
        assertThat(end.verdict().slopeLower()).isPositive();
    }

    @Test
    void parameterGolfLog_goesThroughANegativeEtaAndNeverSaturates() throws IOException {
        RunMonitor monitor = RunMonitor.builder("parameter-golf")
                .modelSize(new ModelSize(17_059_912, 16))
                .vocabularySize(1_024)
                .clock(() -> 0)
                .build();
        long before = 0;
        for (Point point : read("pgolf_baseline_17M_sp1024.log", PGOLF, 1)) {
            monitor.steps(point.step() - before, (point.step() - before) * TOKENS_PER_STEP, point.loss(), 0);
            before = point.step();
            assertThat(monitor.snapshot().verdict().phase()).isNotEqualTo(Phase.SATURATED);
            if (point.step() == 2) {
                assertThat(monitor.snapshot().ledger().eta()).isNegative();
            }
        }
        RunSnapshot end = monitor.snapshot();
        assertThat(end.ledger().eta()).isPositive();
        assertThat(end.verdict().phase()).isEqualTo(Phase.TRAINING);
    }

    /**
     * The llm.c log with its loss held at one level from a point on, plus the noise the log itself has there (residuals of
     * the 400 steps around it against their running mean, drawn at random): the detector fires between 1.2 and 2 times
     * that point, for 20 seeds each, and never before it.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.40})
    void llmcLog_frozen_saturatesBetween1Point2And2TimesTheFreezingPoint(double fraction) throws IOException {
        List<Point> log = llmc();
        int frozen = (int) (fraction * log.size());
        double level = mean(log, frozen - 100, frozen + 100);
        double[] residuals = new double[400];
        for (int i = 0; i < residuals.length; i++) {
            int at = frozen - 200 + i;
            residuals[i] = log.get(at).loss() - mean(log, at - 50, at + 50);
        }
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            RunMonitor monitor = llmcMonitor();
            long fired = -1;
            for (int t = 0; t < log.size() && fired < 0; t++) {
                double loss = t < frozen ? log.get(t).loss() : level + residuals[random.nextInt(residuals.length)];
                monitor.step(TOKENS_PER_STEP, loss, 0);
                fired = monitor.snapshot().verdict().saturatedAtTokens().orElse(-1);
            }
            assertThat((double) fired / TOKENS_PER_STEP / frozen)
                    .as("seed " + seed)
                    .isBetween(1.2, 2.0);
        }
    }

    private static double mean(List<Point> log, int from, int to) {
        return log.subList(from, to).stream().mapToDouble(Point::loss).average().orElseThrow();
    }
}
