package org.etascope.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.etascope.core.LearningRateSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRateScheduleTest {
    @ParameterizedTest
    @CsvSource({
        "constant, 0, 1",
        "constant, 1000, 1",
        "linear, 0, 1",
        "linear, 250, 0.75",
        "linear, 1000, 0",
        "linear, 2000, 0",
        "cosine, 500, 0.5",
        "cosine, 1000, 0",
        "cosine:0.1, 500, 0.55",
        "COSINE:0.1, 1000, 0.1",
        "wsd:0.8, 800, 1",
        "wsd:0.8, 900, 0.5",
        "wsd:0.8, 1000, 0",
        "wsd:0.8:0.2, 900, 0.6",
        "wsd:1, 1000, 1",
        "step:0.6:0.1, 600, 1",
        "step:0.6:0.1, 601, 0.1",
        "step:0.6:0.1, 5000, 0.1",
        "list:1:0.5:0, 500, 0.5",
        "list:1:0.5:0, 750, 0.25",
        "list:1:0.5:0, 1500, 0",
    })
    void at_aStepOf1000_isTheFormulas(String text, double step, double expected) {
        assertThat(LearningRateSchedule.parse(text).at(step, 1000)).isEqualTo(expected, within(1e-12));
    }

    @Test
    void at_withWarmup_climbsToOneAndThenCountsFromItsEnd() {
        LearningRateSchedule linear = LearningRateSchedule.parse("linear").withWarmup(100);
        assertThat(linear.at(0, 1100)).isZero();
        assertThat(linear.at(25, 1100)).isEqualTo(0.25);
        assertThat(linear.at(100, 1100)).isEqualTo(1);
        assertThat(linear.at(600, 1100)).isEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "cosine:0.3", "wsd:0.5", "step:0.5:0.1", "list:1:0"})
    void at_warmupAsLongAsTheRun_isDefinedEverywhere(String text) {
        LearningRateSchedule schedule = LearningRateSchedule.parse(text).withWarmup(1000);
        for (double t = 0; t <= 1500; t += 50) {
            assertThat(schedule.at(t, 1000)).as("step %s", t).isBetween(0.0, 1.0);
        }
    }

    @Test
    void at_unknownStepOrEnd_isNaN() {
        assertThat(LearningRateSchedule.constant().at(10, Double.NaN)).isNaN();
        assertThat(LearningRateSchedule.constant().at(Double.NaN, 10)).isNaN();
        assertThat(LearningRateSchedule.constant().at(-1, 10)).isNaN();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "exponential", "constant:1", "linear:0.1", "cosine:", "cosine:x", "cosine:0:0", "wsd",
                        "wsd:0.1:0.2:0.3",
                "step:0.5", "step", "list:1", "list", "cosine:1.5", "wsd:-0.1", "step:0.5:nan", "list:3e-4:7", "a\nb"
            })
    void parse_ofNone_saysInOneLineWhatIsAllowed(String text) {
        assertThatThrownBy(() -> LearningRateSchedule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schedule")
                .hasMessageContaining("allowed: ")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void toString_isWhatWasRead() {
        assertThat(LearningRateSchedule.parse(" wsd:0.8 ")).hasToString("wsd:0.8");
        assertThat(LearningRateSchedule.constant()).hasToString("constant");
    }

    @Test
    void ofRates_areGivenBackInTheirUnit() {
        LearningRateSchedule rates = LearningRateSchedule.ofRates(0, 3e-4, 1e-4);
        assertThat(rates.at(500, 1000)).isEqualTo(3e-4);
        assertThat(rates.at(750, 1000)).isEqualTo(2e-4, within(1e-16));
        assertThatThrownBy(() -> LearningRateSchedule.ofRates(1e-3)).hasMessageContaining("allowed: 2 or more");
        assertThatThrownBy(() -> LearningRateSchedule.ofRates(1e-3, Double.NaN))
                .hasMessageContaining("learning rate is NaN");
        assertThatThrownBy(() -> LearningRateSchedule.constant().withWarmup(-1))
                .hasMessageContaining("warm-up steps is -1");
    }
}
