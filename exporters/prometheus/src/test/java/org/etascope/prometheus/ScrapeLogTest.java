package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How long the end of a run waits, and for what. */
class ScrapeLogTest {
    private final ScrapeLog log = new ScrapeLog();

    @Test
    void patience_neverScraped_none() {
        assertThat(log.patience()).isZero();
    }

    @Test
    void patience_scrapedOnce_thirtySeconds() {
        log.begin();

        assertThat(log.patience()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void patience_scrapedManyTimesASecond_oneSecond() {
        for (int i = 0; i < 20; i++) {
            log.begin();
        }

        assertThat(log.patience()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void patience_twoServersOneBehindTheOther_twoOfTheLongerIntervals() {
        for (int i = 0; i < 3; i++) {
            log.begin();
            log.begin();
            await().pollDelay(Duration.ofMillis(600)).until(() -> true);
        }
        log.begin();
        log.begin();

        assertThat(log.patience()).isBetween(Duration.ofMillis(1_200), Duration.ofSeconds(20));
    }

    @Test
    void awaitOneMore_scrapeOfBefore_isNotEnough() {
        long before = System.nanoTime();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> log.awaitOneMore(Duration.ofSeconds(60)));
        await().pollDelay(Duration.ofMillis(50)).until(() -> true);

        log.delivered(before);
        await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());

        log.delivered(System.nanoTime());
        await().until(waiting::isDone);
    }

    @Test
    void awaitOneMore_nobodyComes_endsWithTheTime() {
        log.awaitOneMore(Duration.ofMillis(20));

        assertThat(log.patience()).isZero();
    }
}
