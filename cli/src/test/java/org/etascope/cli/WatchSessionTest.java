package org.etascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.etascope.core.ModelSize;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.recording.Journal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a followed log has ended, by a clock of the test's own. */
class WatchSessionTest {
    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final List<RunMonitor> runs = new CopyOnWriteArrayList<>();
    private final StreamOptions options = new StreamOptions();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private WatchSession session;

    /** Follows run.log, which has ended after ten minutes without a line. */
    private void follow(long plannedSteps) {
        options.model.parameters = 1_000_000L;
        options.tokensPerStep = 1000L;
        options.plan.plannedSteps = plannedSteps < 0 ? null : Long.valueOf(plannedSteps);
        options.lenient = true;
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        session = new WatchSession(
                directory.resolve("run.log").toString(),
                null,
                "run",
                options,
                directory.resolve("state"),
                Duration.ofMinutes(10).toNanos(),
                nanos::get,
                runs::add,
                Terminal.of(print, print));
        WatchState.prepare(directory.resolve("state"));
        Thread reader = new Thread(() -> {
            try {
                session.run(InputStream.nullInputStream(), null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    @AfterEach
    void end() {
        session.end();
    }

    private void append(String lines) throws IOException {
        Files.writeString(directory.resolve("run.log"), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String steps(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(step -> "s:" + step + " trl:" + 10 * Math.pow(step, -0.1) + "\n")
                .collect(Collectors.joining());
    }

    /** Follows a log that has these lines, to the last of its steps. */
    private void follow(long plannedSteps, String lines, long steps) throws IOException {
        append(lines);
        follow(plannedSteps);
        awaitSteps(steps);
    }

    private RunSnapshot now() {
        return runs.get(runs.size() - 1).snapshot();
    }

    private void awaitSteps(long steps) {
        await().ignoreExceptions().until(() -> now().progress().steps() == steps);
    }

    private boolean endsAfter(Duration silence) {
        nanos.addAndGet(silence.toNanos());
        return session.endIfSilent();
    }

    private Outcome outcome() {
        return now().timeline().outcome();
    }

    private boolean ended() {
        return !Double.isNaN(now().timeline().endSeconds());
    }

    @Test
    void silence_ofTenMinutes_endsTheRunWithoutAnOutcome() throws IOException {
        follow(-1, "s:1 trl:10\ns:2 trl:9\n", 2);
        assertThat(endsAfter(Duration.ofSeconds(599))).isFalse();
        assertThat(ended()).isFalse();
        assertThat(endsAfter(Duration.ofSeconds(1))).isTrue();
        assertThat(ended()).isTrue();
        assertThat(outcome()).isNull();
        assertThat(said()).contains("run has ended: nothing new for 600 s");
    }

    @Test
    void silence_beforeTheFirstLoss_endsNothing() throws IOException {
        append("compiling\n");
        follow(-1);
        assertThat(endsAfter(Duration.ofHours(5))).isFalse();
        append("s:1 trl:10\n");
        awaitSteps(1);
        assertThat(ended()).isFalse();
    }

    @Test
    void text_withoutLosses_isNoSilence() throws IOException {
        follow(-1, "s:1 trl:10\ns:2 trl:9\n", 2);
        nanos.addAndGet(Duration.ofMinutes(9).toNanos());
        append("evaluating 1/100\n");
        await().until(() -> session.silentNanos() == 0);
        assertThat(endsAfter(Duration.ofMinutes(9))).isFalse();
        assertThat(endsAfter(Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void plan_met_finishesTheRunAfterHalfAMinute() throws IOException {
        follow(3, "s:1 trl:10\ns:2 trl:9\ns:3 trl:8\n", 3);
        assertThat(endsAfter(Duration.ofSeconds(29))).isFalse();
        assertThat(endsAfter(Duration.ofSeconds(1))).isTrue();
        assertThat(outcome()).isEqualTo(Outcome.FINISHED);
    }

    @Test
    void plan_notMet_isNotFinished() throws IOException {
        follow(3, "s:1 trl:10\ns:2 trl:9\n", 2);
        assertThat(endsAfter(Duration.ofSeconds(30))).isFalse();
        assertThat(endsAfter(Duration.ofMinutes(10))).isTrue();
        assertThat(outcome()).isNull();
    }

    @Test
    void validation_afterThePlan_isKeptAndTheRunFinishesAgain() throws IOException {
        follow(3, "s:1 trl:10\ns:2 trl:9\ns:3 trl:8\n", 3);
        assertThat(endsAfter(Duration.ofSeconds(30))).isTrue();
        append("s:3 tel:8.5\n");
        await().until(() -> now().validation().loss() == 8.5);
        assertThat(ended()).isFalse();
        assertThat(endsAfter(Duration.ofSeconds(30))).isTrue();
        assertThat(outcome()).isEqualTo(Outcome.FINISHED);
        session.end();
        Journal journal = Journal.read(directory.resolve("state/journal.jsonl"));
        assertThat(journal.recording().snapshot().validation().loss()).isEqualTo(8.5);
        assertThat(journal.recording().snapshot().timeline().outcome()).isEqualTo(Outcome.FINISHED);
    }

    /** The same run, not a new one; and since it was only slow, it gets twice as long. */
    @Test
    void log_thatGoesOnAfterItsEnd_goesOnWithItsRun() throws IOException {
        follow(-1, steps(1, 60), 60);
        assertThat(endsAfter(Duration.ofMinutes(10))).isTrue();
        append(steps(61, 120));
        awaitSteps(120);
        assertThat(ended()).isFalse();
        assertThat(now().baseline().nats()).isEqualTo(10);
        assertThat(now().progress().tokens()).isEqualTo(120_000);
        assertThat(now().progress().segment()).isZero();
        assertThat(endsAfter(Duration.ofMinutes(19))).isFalse();
        assertThat(endsAfter(Duration.ofMinutes(1))).isTrue();
        session.end();
        Journal journal = Journal.read(directory.resolve("state/journal.jsonl"));
        assertThat(journal.recording().curve()).isEqualTo(runs.get(1).curve());
        assertThat(journal.recording().snapshot().progress().steps()).isEqualTo(120);
        try (var files = Files.list(directory.resolve("state"))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("journal.jsonl", "watch.state");
        }
    }

    @Test
    void steps_beyondThePlan_haveTheWholeTime() throws IOException {
        follow(2, "s:1 trl:10\ns:2 trl:9\n", 2);
        assertThat(endsAfter(Duration.ofSeconds(30))).isTrue();
        append("s:3 trl:8\n");
        awaitSteps(3);
        assertThat(endsAfter(Duration.ofMinutes(5))).isFalse();
        assertThat(endsAfter(Duration.ofMinutes(5))).isTrue();
        assertThat(outcome()).isEqualTo(Outcome.FINISHED);
    }

    /** {@return the code length of a run that was never interrupted} */
    private double codeLength(int steps) {
        RunMonitor whole = RunMonitor.builder("whole")
                .modelSize(new ModelSize(1_000_000, 16))
                .build();
        IntStream.rangeClosed(1, steps).forEach(step -> whole.step(1000, 10 * Math.pow(step, -0.1)));
        return whole.snapshot().ledger().codeLengthNats();
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void restart_fromACheckpoint_takesBackWhatCameSince() throws IOException {
        follow(-1, steps(1, 60), 60);
        append(steps(31, 90));
        awaitSteps(90);
        await().untilAsserted(() -> assertThat(now().progress().segment()).isEqualTo(1));
        assertThat(now().progress().tokens()).isEqualTo(90_000);
        assertThat(now().ledger().codeLengthNats()).isCloseTo(codeLength(90), within(1e-6));
        assertThat(runs).hasSize(1);
        assertThat(said())
                .contains("run: the log goes back from step 60 to step 31: what came in between counts no longer");
        session.end();
        Journal journal = Journal.read(directory.resolve("state/journal.jsonl"));
        assertThat(journal.recording().curve()).isEqualTo(runs.get(0).curve());
    }

    @Test
    void restart_furtherBackThanIsKept_countsEachStepOnce() throws IOException {
        follow(-1, steps(1, 16_000), 16_000);
        append(steps(500, 16_001));
        awaitSteps(16_001);
        assertThat(now().progress().tokens()).isEqualTo(16_001_000);
        assertThat(said())
                .contains("goes back from step 16,000 to step 500, further than is kept")
                .contains("passed over");
    }

    @Test
    void severalProcesses_inOneLog_countEachStepOnce() throws IOException {
        follow(
                -1,
                IntStream.rangeClosed(1, 200)
                        .mapToObj(step -> steps(step, step) + steps(Math.max(1, step - 2), Math.max(1, step - 2)))
                        .collect(Collectors.joining()),
                200);
        assertThat(now().progress().tokens()).isEqualTo(200_000);
        assertThat(runs).hasSize(1);
        assertThat(said()).doesNotContain("goes back");
    }

    @Test
    void file_overwritten_beginsANewRunAndSaysSo() throws IOException {
        follow(-1, steps(1, 60), 60);
        Files.writeString(directory.resolve("run.log"), steps(1, 5));
        await().until(() -> runs.size() == 2);
        awaitSteps(5);
        assertThat(runs.get(0).closed()).isTrue();
        assertThat(runs.get(0).snapshot().progress().steps()).isEqualTo(60);
        assertThat(runs.get(1).name()).isEqualTo("run-2");
        assertThat(now().baseline().nats()).isEqualTo(10);
        assertThat(said())
                .contains("the log begins again, at step 1 with a loss near the baseline: from here on it is run"
                        + " run-2");
        session.end();
        assertThat(Journal.read(directory.resolve("state/run-2"))
                        .recording()
                        .snapshot()
                        .progress()
                        .steps())
                .isEqualTo(5);
    }

    @Test
    void file_overwrittenByARestart_goesOnWithItsRun() throws IOException {
        follow(-1, steps(1, 60), 60);
        Files.writeString(directory.resolve("run.log"), steps(41, 45));
        awaitSteps(45);
        append(steps(46, 80));
        awaitSteps(80);
        assertThat(now().ledger().codeLengthNats()).isCloseTo(codeLength(80), within(1e-6));
        assertThat(runs).hasSize(1);
    }

    @Test
    void file_rotated_goesOnInTheNewOne() throws IOException {
        follow(-1, steps(1, 60), 60);
        Path log = directory.resolve("run.log");
        for (int from = 61; from < 160; from += 40) {
            // What its writer, who still has it open, adds after the file was renamed counts.
            Path old = Files.move(log, directory.resolve("run.log." + from));
            Files.writeString(old, steps(from, from + 9), StandardOpenOption.APPEND);
            append(steps(from + 10, from + 39));
            awaitSteps(from + 39);
        }
        assertThat(now().ledger().codeLengthNats()).isCloseTo(codeLength(180), within(1e-6));
        assertThat(now().progress().segment()).isZero();
        assertThat(runs).hasSize(1);
    }

    @Test
    void seeds_inOneLog_areARunEach() throws IOException {
        append(steps(1, 40) + steps(1, 50) + steps(1, 30));
        follow(-1);
        await().until(() -> runs.size() == 3);
        awaitSteps(30);
        assertThat(runs)
                .extracting(run -> run.snapshot().progress().tokens())
                .containsExactly(40_000L, 50_000L, 30_000L);
    }

    /** One value at a later step is held until a second one tells how the log counts; none comes. */
    @Test
    void point_heldBack_countsOnceTheLogHasEnded() throws IOException {
        options.model.vocabulary = 50_257L;
        append("s:100 trl:10\n");
        follow(-1);
        await().atMost(Duration.ofSeconds(10)).until(() -> endsAfter(Duration.ofMinutes(10)));
        assertThat(now().progress().steps()).isEqualTo(100);
    }
}
