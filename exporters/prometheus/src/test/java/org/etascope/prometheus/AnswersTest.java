package org.etascope.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private long nanos = Long.MAX_VALUE - 5;
    private int made;
    private final Answers answers = new Answers(() -> made, () -> nanos, 100);

    private Answers.Kept get(String key) {
        return answers.get(key, () -> Answer.of(Answer.TEXT, key + ++made));
    }

    private String text(String key) {
        return UTF_8.decode(get(key).answer().body().duplicate()).toString();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void get_usualPace_newAnswerEachTime() {
        for (int i = 1; i <= 1_000; i++) {
            assertThat(text("text")).isEqualTo("text" + i);
            pass(Duration.ofMillis(250));
        }
    }

    @Test
    void get_twoHundredASecond_fourASecond() {
        for (int i = 0; i < 200 * 30; i++) {
            Answers.Kept kept = get("text");
            assertThat(nanos - kept.takenNanos())
                    .isBetween(0L, Duration.ofMillis(250).toNanos());
            assertThat(kept.ends()).isEqualTo(made - 1);
            pass(Duration.ofMillis(5));
        }

        assertThat(made).isEqualTo(120);
    }

    @Test
    void get_afterForgetting_newAtOnce() {
        text("text");
        answers.forget();

        assertThat(text("text")).isEqualTo("text2");
    }

    @Test
    void get_severalQuestions_eachItsOwn() {
        assertThat(text("a")).isEqualTo("a1");
        assertThat(text("b")).isEqualTo("b2");
        assertThat(text("a")).isEqualTo("a1");
    }

    @Test
    void get_moreBytesThanTheBound_latestKept() {
        String large = "x".repeat(60);
        String huge = "y".repeat(1_000);

        assertThat(text("a")).isEqualTo("a1");
        assertThat(text(large)).isEqualTo(large + 2);
        assertThat(text(large + "z")).isEqualTo(large + "z3");
        assertThat(text(huge)).isEqualTo(huge + 4);
        assertThat(text(huge)).isEqualTo(huge + 4);
        assertThat(text(large)).isEqualTo(large + 5);
        assertThat(text("a")).isEqualTo("a6");
    }
}
