package org.etascope.benchmarks.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The measurement in short: no scrape may fail while a network trains. */
class ScrapeCostTest {
    @Test
    void measure_twoHundredASecondWhileTraining_noScrapeFails() throws Exception {
        Map<String, Double> figures = ScrapeCost.measure(1, 5, 2);

        assertThat(figures.get("failures")).isZero();
        assertThat(figures.get("scrapes")).isGreaterThan(100);
        assertThat(figures.get("scraped iterations/s")).isPositive();
        assertThat(figures.get("warm")).isPositive();
        assertThat(figures.get("first second")).isPositive();
    }
}
