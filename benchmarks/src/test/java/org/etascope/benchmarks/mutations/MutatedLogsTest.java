package org.etascope.benchmarks.mutations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.etascope.benchmarks.mutations.MutatedLogs.Outcome;
import org.etascope.benchmarks.mutations.TimeLimit.HangException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code bin/soak mutations}, and that it would notice. */
class MutatedLogsTest {
    /** Far above what a busy machine does to work of no length. */
    private static final Duration LIMIT = Duration.ofMillis(500);

    private static final long TOO_LONG_MILLIS = 700;

    @TempDir
    private Path folder;

    @Test
    void replay_fiveThousandDamagedLogs_endInAResultOrOneLine() throws Exception {
        MutatedLogs run = new MutatedLogs(folder, 5_000);
        System.out.print(run.run());
        assertThat(run.faults()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void outcome_ofBadEndings_isAFault() {
        assertThat(new Outcome(0, "{}", "").fault()).isEmpty();
        assertThat(new Outcome(1, "", "etascope: no\n").fault()).isEmpty();
        assertThat(new Outcome(0, "", "").fault()).isNotEmpty();
        assertThat(new Outcome(3, "", "etascope: no\n").fault()).isNotEmpty();
        assertThat(new Outcome(1, "half", "etascope: no\n").fault()).isNotEmpty();
        assertThat(new Outcome(1, "", "etascope: no\nand no\n").fault()).isNotEmpty();
        assertThat(new Outcome(1, "", "etascope: internal error, please report it\n").fault())
                .isNotEmpty();
        assertThat(new Outcome(1, "", "etascope: " + "x".repeat(1_000)).fault()).isNotEmpty();
    }

    @Test
    void limit_workThatWaitsEachTime_isAHang() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TimeLimit limit = new TimeLimit(LIMIT)) {
            assertThatThrownBy(() -> limit.run(() -> never.await(TOO_LONG_MILLIS, TimeUnit.MILLISECONDS)))
                    .isInstanceOf(HangException.class)
                    .hasMessageContaining("second time");
        }
    }

    @Test
    void limit_workThatWaitsOnce_isTriedAgainAndPasses() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        try (TimeLimit limit = new TimeLimit(LIMIT)) {
            int result = limit.run(() -> {
                if (tries.incrementAndGet() == 1) {
                    assertThat(never.await(TOO_LONG_MILLIS, TimeUnit.MILLISECONDS))
                            .isFalse();
                }
                return 7;
            });
            assertThat(result).isEqualTo(7);
            assertThat(tries).hasValue(2);
        }
    }

    @Test
    void limit_workThatNeverEnds_isAHangThatSaysWhere() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TimeLimit limit = new TimeLimit(LIMIT)) {
            assertThatThrownBy(() -> limit.run(() -> {
                        never.await();
                        return "";
                    }))
                    .isInstanceOf(HangException.class)
                    .hasMessageContaining("CountDownLatch.await");
        }
    }

    @Test
    void limit_workThatThrows_passesItOn() throws Exception {
        try (TimeLimit limit = new TimeLimit(LIMIT)) {
            assertThatThrownBy(() -> limit.run(() -> {
                        throw new StackOverflowError();
                    }))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StackOverflowError.class);
        }
    }
}
