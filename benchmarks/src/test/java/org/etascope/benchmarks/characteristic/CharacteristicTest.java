package org.etascope.benchmarks.characteristic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etascope.benchmarks.characteristic.Scenario.Kind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The calibration in small: every scenario, a few runs of each. */
class CharacteristicTest {
    private static final int RUNS = 12;
    private static final double HARD_STOP_BAR = 1.7;
    private static final double OTHER_STOP_BAR = 2.7;

    private static List<Result> results;

    @BeforeAll
    static void runAll() {
        results = Characteristic.run(RUNS, 42);
    }

    @Test
    void healthyScenarios_trueProgress_staysAboveTheBarThroughout() {
        assertThat(of(Kind.HEALTHY))
                .hasSizeGreaterThanOrEqualTo(12)
                .allSatisfy(result -> assertThat(result.scenario().smallestTrueR())
                        .as(result.scenario().name())
                        .isGreaterThanOrEqualTo(Scenario.HEALTHY_R));
    }

    @Test
    void slowScenarios_trueProgress_endsNearTwoHundredths() {
        assertThat(of(Kind.SLOW))
                .isNotEmpty()
                .allSatisfy(
                        result -> assertThat(result.scenario().smallestTrueR()).isCloseTo(0.02, within(0.005)));
    }

    @Test
    void hardStops_trueProgress_endsAtStep6000() {
        assertThat(of(Kind.HARD_STOP)).hasSize(4).allSatisfy(result -> {
            assertThat(result.scenario().stop()).isEqualTo(6_000);
            assertThat(result.scenario().flat()).isEqualTo(6_000);
        });
    }

    @Test
    void healthyRuns_etascope_raisesNoAlarm() {
        assertThat(Result.together(of(Kind.HEALTHY), Trial::etascope).hits()).isZero();
    }

    @Test
    void stoppingRuns_etascope_isNeverEarly() {
        assertThat(results)
                .filteredOn(result -> result.scenario().stops())
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.early(Trial::etascope).hits())
                        .as(result.scenario().name())
                        .isZero());
    }

    @Test
    void hardStops_etascope_noticesInTime() {
        assertThat(of(Kind.HARD_STOP))
                .allSatisfy(result -> assertThat(result.delay(Trial::etascope, 0.5))
                        .as(result.scenario().name())
                        .isBetween(1.2, HARD_STOP_BAR));
    }

    @Test
    void otherStops_etascope_noticesInTime() {
        assertThat(of(Kind.OTHER_STOP))
                .hasSize(4)
                .allSatisfy(result -> assertThat(result.delay(Trial::etascope, 0.5))
                        .as(result.scenario().name())
                        .isBetween(1.2, OTHER_STOP_BAR));
    }

    @Test
    void sameSeed_runAgain_givesTheSameTable() {
        Scenario scenario = Scenarios.all().get(2);
        assertThat(Result.of(scenario, RUNS, 42).trials())
                .isEqualTo(results.get(2).trials());
        assertThat(Result.of(scenario, RUNS, 43).trials())
                .isNotEqualTo(results.get(2).trials());
    }

    @Test
    void documentation_everyScenario_hasItsRow() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "operating-characteristic.md"));
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(page).contains("| " + result.scenario().name() + " |"));
    }

    private static List<Result> of(Kind kind) {
        return results.stream()
                .filter(result -> result.scenario().kind() == kind)
                .toList();
    }
}
