package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
    @ParameterizedTest
    @CsvSource({
        "PT1M, 10, 10m",
        "PT1M, 60, 1h",
        "PT1M, 10080, 7d",
        "PT15S, 7, 105s",
        "PT0.5S, 7, 3500ms",
        "PT1S, 60, 1m"
    })
    void of_multiplesOfTheInterval_areDurationsOfPrometheus(String interval, int times, String expected) {
        assertThat(new Times(Duration.parse(interval)).of(times)).isEqualTo(expected);
    }

    @Test
    void in_everyPlace_isFilled() {
        assertThat(Times.SHIPPED.in("[<window>] [<gone>] [<memory>] [<history>] <window seconds> <gone seconds>"))
                .isEqualTo("[10m] [7m] [1h] [7d] 600 420");
    }

    /** Ranges and lookbacks of every rule and alert follow the one constant. */
    @Test
    void rules_writtenForAnotherInterval_haveNoWindowLeftOfTheirOwn() {
        PrometheusFiles other = new PrometheusFiles(new Times(Duration.ofMillis(1_001)));
        assertThat(other.alerts() + other.rules()).doesNotContainPattern("(\\[|offset )\\d+[smhd]\\b");
    }
}
