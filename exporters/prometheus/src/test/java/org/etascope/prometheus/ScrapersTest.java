package org.etascope.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the end of a run waits for, and how long. */
class ScrapersTest {
    private static final long ENDS = 1;

    /** What the wait is asked to be at most, so that a test need not wait: it is over at once where nobody is awaited. */
    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(90).toNanos());

    private final Set<Object> open = new HashSet<>();
    private final Scrapers scrapers = new Scrapers(nanos::get);

    private Scrapers.Scraper scrape(String name, Object connection) {
        open.add(connection);
        return scrapers.scrape(name, connection, () -> open.contains(connection));
    }

    private void pass(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private CompletableFuture<Void> end() {
        return CompletableFuture.runAsync(() -> scrapers.awaitEach(ENDS, Duration.ofDays(1)));
    }

    private static void assertWaits(CompletableFuture<Void> end) {
        await().during(Duration.ofMillis(50)).until(() -> !end.isDone());
    }

    private static void assertOver(CompletableFuture<Void> end) {
        await().until(end::isDone);
    }

    /** The wait looks at its clock when somebody was shown something. */
    private void wake() {
        scrapers.shown(scrapers.poll("waker"), -1);
    }

    @Test
    void end_nobodyScraped_isNotAwaited() {
        assertOver(end());
    }

    @Test
    void end_scrapedOnce_isNotAwaited() {
        scrape("one", "c");

        assertOver(end());
    }

    @Test
    void end_scraper_isAwaitedUntilItHasSeenIt() {
        scrape("one", "c");
        pass(15);
        Scrapers.Scraper one = scrape("one", "c");
        CompletableFuture<Void> end = end();
        assertWaits(end);

        scrapers.shown(one, -1);
        assertWaits(end);
        scrapers.shown(one, ENDS);

        assertOver(end);
    }

    @Test
    void end_twoScrapersByNameOrByConnection_eachIsAwaited() {
        for (String[] pair : new String[][] {{"one", "a", "two", "b"}, {"same", "c", "same", "d"}}) {
            scrape(pair[0], pair[1]);
            scrape(pair[2], pair[3]);
            pass(15);
            Scrapers.Scraper first = scrape(pair[0], pair[1]);
            Scrapers.Scraper second = scrape(pair[2], pair[3]);
            assertThat(first).isNotSameAs(second);
            CompletableFuture<Void> end = end();

            scrapers.shown(first, ENDS);
            assertWaits(end);
            scrapers.shown(second, ENDS);

            assertOver(end);
        }
    }

    @Test
    void end_scraperWithANewConnectionEachTime_isOne() {
        for (int i = 0; i < 5; i++) {
            open.clear();
            scrape("curl", "c" + i);
            pass(15);
        }
        open.clear();
        CompletableFuture<Void> end = end();
        assertWaits(end);

        scrapers.shown(scrape("curl", "last"), ENDS);

        assertOver(end);
    }

    @ParameterizedTest
    @CsvSource({"60, 120", "600, 180"})
    void end_scraperDoesNotCome_twoOfItsIntervalsAreAwaitedAndThreeMinutesAtMost(int interval, int awaited) {
        scrape("one", "c");
        pass(interval);
        scrape("one", "c");
        CompletableFuture<Void> end = end();
        assertWaits(end);

        pass(awaited - 1);
        wake();
        assertWaits(end);
        pass(2);
        wake();

        assertOver(end);
    }

    @Test
    void end_scraperThatHasGone_isNotAwaited() {
        scrape("one", "c");
        pass(15);
        scrape("one", "c");
        pass(31);

        assertOver(end());
    }

    @Test
    void end_hiddenPage_fiveSecondsAreAwaited() {
        scrapers.poll("browser");
        pass(60);
        scrapers.poll("browser");
        CompletableFuture<Void> end = end();
        assertWaits(end);

        pass(6);
        wake();

        assertOver(end);
    }

    @Test
    void end_longestGiven_isNotExceeded() {
        scrape("one", "c");
        pass(15);
        scrape("one", "c");

        assertOver(CompletableFuture.runAsync(() -> scrapers.awaitEach(ENDS, Duration.ZERO)));
    }

    @Test
    void scrape_tenThousandNames_mostAreForgotten() {
        for (int i = 0; i < 10_000; i++) {
            scrape("name " + i, "c" + i);
        }
        pass(1);
        scrape("name 9999", "c9999");
        CompletableFuture<Void> end = end();
        assertWaits(end);

        scrapers.shown(scrape("name 9999", "c9999"), ENDS);

        assertOver(end);
    }
}
