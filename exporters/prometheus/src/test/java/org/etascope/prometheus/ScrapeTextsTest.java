package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScrapeTextsTest {
    private long nanos = Long.MAX_VALUE - 5;
    private int made;
    private final ScrapeTexts texts = new ScrapeTexts(() -> made, type -> type + ++made, () -> nanos);

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
    void get_twoHundredASecond_fourTextsASecond() {
        for (int i = 0; i < 200 * 30; i++) {
            ScrapeTexts.Text text = texts.get("text");
            assertThat(nanos - text.takenNanos())
                    .isBetween(0L, Duration.ofMillis(250).toNanos());
            assertThat(text.ends()).isEqualTo(made - 1);
            pass(Duration.ofMillis(5));
        }

        assertThat(made).isEqualTo(120);
    }

    @Test
    void get_afterForgetting_newTextAtOnce() {
        scrape("text");
        texts.forget();

        assertThat(scrape("text")).isEqualTo("text2");
    }

    @Test
    void get_manyContentTypes_eachItsOwn() {
        for (int i = 0; i < 100; i++) {
            assertThat(scrape("text")).startsWith("text");
            assertThat(scrape("other")).startsWith("other");
        }
    }
}
