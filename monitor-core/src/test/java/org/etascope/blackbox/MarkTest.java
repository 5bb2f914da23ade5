package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.etascope.core.Mark;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunState;
import org.junit.jupiter.api.Test;

class MarkTest {
    private long millis = 1_000_000;
    private final RunMonitor monitor =
            RunMonitor.builder("marked").clock(() -> millis).build();

    private void steps(int n, double loss) {
        for (int i = 0; i < n; i++) {
            millis += 100;
            monitor.step(100, loss);
        }
    }

    private List<String> sentences() {
        return monitor.marks().stream().map(Mark::sentence).toList();
    }

    @Test
    void nonFinite_inARow_isOneMarkWithCountFirstAndLastStep() {
        steps(10, 4);
        steps(12, Double.NaN);
        steps(5, 4);
        steps(1, Double.POSITIVE_INFINITY);

        assertThat(sentences()).containsExactly("12 losses not finite, steps 11 to 22", "loss not finite, step 28");
        Mark hole = monitor.marks().get(0);
        assertThat(hole.kind().label()).isEqualTo("non_finite");
        assertThat(hole.tokens()).isEqualTo(1_000);
        assertThat(hole.seconds()).isEqualTo(1_001.1);
    }

    @Test
    void nonFinite_loggedEveryTenSteps_standsForAllOfThem() {
        monitor.steps(10, 1_000, 4, 0);
        monitor.steps(10, 1_000, Double.NaN, 0);
        monitor.steps(10, 1_000, Double.NaN, 0);

        assertThat(sentences()).containsExactly("2 losses not finite, steps 11 to 30");
    }

    @Test
    void nonFinite_everyOtherStep_isBoundedAndNoneIsLost() {
        for (int i = 0; i < 5_000; i++) {
            steps(1, Double.NaN);
            steps(1, 4);
        }

        List<Mark> marks = monitor.marks();
        assertThat(marks).hasSize(32);
        assertThat(marks.stream().mapToLong(Mark::count).sum()).isEqualTo(5_000);
        assertThat(marks.get(0).firstStep()).isEqualTo(1);
        assertThat(marks.get(31).lastStep()).isEqualTo(9_999);
        assertThat(marks).isSortedAccordingTo((a, b) -> Long.compare(a.lastStep(), b.firstStep()));
    }

    @Test
    void learningRate_warmUpAndCosine_areNoMark_aJumpIs() {
        for (int t = 1; t <= 20; t++) {
            monitor.learningRate(t * 5e-5);
            steps(1, 4);
        }
        for (int t = 1; t <= 100; t++) {
            monitor.learningRate(5e-4 * (1 + Math.cos(Math.PI * t / 200)));
            steps(1, 4);
        }
        assertThat(monitor.marks()).isEmpty();

        monitor.learningRate(5e-5);
        steps(1, 4);
        monitor.learningRate(1e-3);

        assertThat(sentences())
                .containsExactly(
                        "learning rate 5.0e-4 \u2192 5.0e-5, step 121", "learning rate 5.0e-5 \u2192 1.0e-3, step 122");
    }

    @Test
    void marks_areKeptInTheState() throws IOException {
        steps(10, 4);
        monitor.saved();
        steps(2, Double.NaN);
        monitor.beginSegment();

        RunMonitor restored = RunMonitor.builder("restored").build();
        restored.restore(RunState.fromBytes(monitor.state().toBytes()));

        assertThat(restored.marks()).isEqualTo(monitor.marks());
        assertThat(sentences())
                .containsExactly(
                        "state saved, step 10",
                        "2 losses not finite, steps 11 to 12",
                        "went on without a stored state, step 12");
    }
}
