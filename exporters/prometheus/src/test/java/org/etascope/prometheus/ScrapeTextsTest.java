package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScrapeTextsTest {
    private long nanos = Long.MAX_VALUE - 5;
    private int made;
    private final ScrapeTexts texts = new ScrapeTexts(type -> type + ++made, () -> nanos);

    private String scrape(String type) {
        return StandardCharsets.UTF_8
                .decode(texts.get(type).bytes().duplicate())
                .toString();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void get_usualPace_newTextEachTime() {
        for (int i = 1; i <= 1_000; i++) {
            assertThat(scrape("text")).isEqualTo("text" + i);
            pass(Duration.ofMillis(250));
        }
    }

    @Test
    void get_twentyAtOnce_newTextEachTime() {
        for (int i = 1; i <= 20; i++) {
            assertThat(scrape("text")).isEqualTo("text" + i);
        }
    }

    @Test
    void get_twoHundredASecond_fourTextsASecondInTheLongRun() {
        for (int i = 0; i < 200 * 30; i++) {
            scrape("text");
            pass(Duration.ofMillis(5));
        }

        assertThat(made).isBetween(120, 145);
    }

    @Test
    void get_anyPace_valuesAtMostAQuarterOfASecondOld() {
        for (int i = 0; i < 3_000; i++) {
            ScrapeTexts.Text text = texts.get(i % 7 == 0 ? "other" : "text");
            assertThat(nanos - text.takenNanos())
                    .isBetween(0L, Duration.ofMillis(250).toNanos());
            pass(Duration.ofMillis(3));
        }
    }

    @Test
    void get_afterARush_reserveFillsUpAgain() {
        for (int i = 0; i < 1_000; i++) {
            scrape("text");
            scrape("other");
            pass(Duration.ofMillis(5));
        }
        pass(Duration.ofSeconds(5));
        made = 0;

        get_twentyAtOnce_newTextEachTime();
    }

    @Test
    void get_afterForgetting_newTextAtOnce() {
        for (int i = 0; i < 100; i++) {
            scrape("text");
        }
        int before = made;
        texts.forget();

        assertThat(scrape("text")).isEqualTo("text" + (before + 1));
    }

    @Test
    void get_manyContentTypes_eachItsOwn() {
        for (int i = 0; i < 100; i++) {
            assertThat(scrape("text")).startsWith("text");
            assertThat(scrape("other")).startsWith("other");
        }
    }
}
