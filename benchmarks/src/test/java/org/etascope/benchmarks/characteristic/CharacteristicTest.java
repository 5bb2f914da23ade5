package org.etascope.benchmarks.characteristic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etascope.benchmarks.characteristic.Scenario.Kind;
import org.etascope.core.RunEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The calibration in small: every scenario, a few runs of each. */
class CharacteristicTest {
    private static final int RUNS = 3;

    private static List<Result> results;

    @BeforeAll
    static void runAll() {
        results = Characteristic.run(RUNS, 42);
    }

    private static List<Result> of(Kind kind, boolean limit) {
        return results.stream()
                .filter(result ->
                        result.scenario().kind() == kind && result.scenario().limit() == limit)
                .toList();
    }

    @Test
    void scenarios_areManyAndHaveNamesOfTheirOwn() {
        assertThat(results).hasSizeGreaterThanOrEqualTo(60);
        assertThat(results).extracting(result -> result.scenario().name()).doesNotHaveDuplicates();
        assertThat(results).extracting(result -> result.scenario().kind()).contains(Kind.values());
    }

    @Test
    void runsThatLearn_areNeitherFlatNorRisen() {
        List<Result> learning = of(Kind.LEARNS, false);
        assertThat(learning).hasSizeGreaterThan(40).allSatisfy(result -> {
            assertThat(result.falsely(RunEvent.Kind.RISEN).hits()).isZero();
            assertThat(result.falsely(RunEvent.Kind.BLOW_UP).hits()).isZero();
        });
        // One of these seeds draws a walk that looks like a stop: AR(1) 0.999 is called flat in one run of a hundred.
        assertThat(Result.together(
                                learning.stream().map(Result::falselySaturated).toList())
                        .hits())
                .isLessThanOrEqualTo(1);
    }

    @Test
    void runsThatStop_areFoundInTimeAndNeverEarly() {
        assertThat(of(Kind.STOPS, false)).isNotEmpty().allSatisfy(result -> {
            assertThat(result.falselySaturated().hits()).isZero();
            assertThat(result.told(result::found).share()).isEqualTo(1);
            assertThat(result.tokensRatio(result.quantile(result::found, 0.5), result.stop()))
                    .isBetween(1.2, result.scenario().name().startsWith("learning sinks") ? 8 : 2.6);
        });
    }

    @Test
    void hardStop_isWhereItWasPut() {
        assertThat(of(Kind.STOPS, false).get(0).stop()).isEqualTo(6_000);
    }

    @Test
    void plateausThatEnd_areLeftSoon() {
        assertThat(of(Kind.CLEARS, false)).isNotEmpty().allSatisfy(result -> {
            int change = result.scenario().change();
            int left = result.quantile(
                    trial -> trial.first(
                            change,
                            RunEvent.Kind.FELL,
                            RunEvent.Kind.LEARNING,
                            RunEvent.Kind.RISING,
                            RunEvent.Kind.RISEN),
                    0.5);
            assertThat(result.tokensRatio(left, change)).isLessThan(1.3);
        });
    }

    @Test
    void lossesThatRise_areToldWithinFiftyPointsOfAJump() {
        assertThat(of(Kind.RISES, false))
                .filteredOn(result -> result.scenario().name().startsWith("jump"))
                .isNotEmpty()
                .allSatisfy(result -> {
                    int change = result.scenario().change();
                    int told = result.quantile(trial -> trial.first(change, RunEvent.Kind.RISEN), 1);
                    assertThat((told - change) / result.scenario().log().every())
                            .isLessThan(50);
                    assertThat(result.falsely(RunEvent.Kind.RISEN).hits()).isZero();
                });
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
}
