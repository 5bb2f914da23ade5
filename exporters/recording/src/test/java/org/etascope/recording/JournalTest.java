package org.etascope.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.etascope.core.ModelSize;
import org.etascope.core.Outcome;
import org.etascope.core.RunInfo;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunState;
import org.etascope.core.TokenUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final long LARGE = 1L << 30;

    @TempDir
    Path directory;

    private final RunMonitor monitor = monitor();

    private static RunMonitor monitor() {
        return RunMonitor.builder("char-lm")
                .modelSize(new ModelSize(1000, 16))
                .vocabularySize(100)
                .clock(() -> 1_000_000)
                .unit(TokenUnit.EXAMPLE)
                .build();
    }

    private static void train(RunMonitor monitor, int fromStep, int toStep) {
        for (int t = fromStep; t < toStep; t++) {
            double loss = 1 + 3.6 / (1 + Math.min(t, 400) / 20.0) + 0.01 * (t * 7919 % 13);
            monitor.step(100, loss, 1_000_000 + 100L * t);
            if (t % 50 == 0) {
                monitor.validation(loss + 0.1);
            }
        }
    }

    private JournalWriter writer() {
        return new JournalWriter(monitor, directory, LARGE);
    }

    private void journalOf(RunMonitor run, int fromStep, int toStep) {
        JournalWriter journal = new JournalWriter(run, directory, LARGE);
        train(run, fromStep, toStep);
        journal.close();
    }

    private Journal read() throws IOException {
        return Journal.read(directory);
    }

    @Test
    void read_afterTheEnd_isTheLiveRecordingToTheLastBit() throws Exception {
        JournalWriter journal = JournalWriter.start(monitor, directory);
        train(monitor, 1, 20_000);
        monitor.close();
        journal.close();

        assertThat(read().recording()).isEqualTo(Recording.of(monitor));
        assertThat(read().damagedLines()).isZero();
        assertThat(read().recording().events()).isEqualTo(monitor.events()).isNotEmpty();
        assertThat(read().recording().validationCurve()).isNotEmpty();
    }

    /** The journal's thread looks for the first time while the run is already over or about to be. */
    @Test
    void journal_ofRunsThatEndAtOnce_holdsEveryPoint() throws Exception {
        for (int i = 0; i < 100; i++) {
            Path own = directory.resolve("run-" + i);
            RunMonitor run = monitor();
            JournalWriter journal = JournalWriter.start(run, own);
            train(run, 1, 100 * i);
            run.close();
            journal.close();
            assertThat(Journal.read(own).recording()).isEqualTo(Recording.of(run));
        }
    }

    @Test
    void journal_whileTraining_isWrittenByItself() {
        JournalWriter journal = JournalWriter.start(monitor, directory);
        train(monitor, 1, 300);

        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(read().recording().curve()).isEqualTo(monitor.curve()));
        journal.close();
    }

    @Test
    void journal_everyLine_isJsonWithItsChecksumLast() throws Exception {
        journalOf(monitor, 1, 300);

        for (String line : Files.readAllLines(directory.resolve(RunFiles.JOURNAL))) {
            JsonNode json = new ObjectMapper().readTree(line);
            assertThat(json.fieldNames()).toIterable().startsWith("kind", "at").endsWith("crc32c");
        }
    }

    @Test
    void read_lastLineTorn_losesOnlyThatLine() throws Exception {
        try (JournalWriter journal = writer()) {
            train(monitor, 1, 500);
            journal.look();
            train(monitor, 500, 1_000);
        }
        Path file = directory.resolve(RunFiles.JOURNAL);
        byte[] whole = Files.readAllBytes(file);
        int lastLine = new String(whole, StandardCharsets.UTF_8).stripTrailing().lastIndexOf('\n') + 1;

        for (int length = lastLine + 1; length < whole.length - 1; length += 97) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThat(read().damagedLines()).isOne();
            assertThat(read().recording().curve()).isEqualTo(monitor.curve());
        }
    }

    @Test
    void read_anyByteAltered_isNoticed() throws Exception {
        journalOf(monitor, 1, 300);
        Path file = directory.resolve(RunFiles.JOURNAL);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        for (int i = 0; i < 50; i++) {
            byte[] altered = whole.clone();
            altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, altered);
            try {
                Journal journal = read();
                // A line feed at the very end may go without a loss.
                assertThat(journal.damagedLines() > 0 || journal.recording().equals(Recording.of(monitor)))
                        .isTrue();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("no moment");
            }
        }
    }

    @Test
    void journal_runGoesBackToACheckpoint_holdsTheNewCurveOnly() throws Exception {
        try (JournalWriter journal = writer()) {
            train(monitor, 1, 500);
            RunState checkpoint = monitor.state();
            train(monitor, 500, 900);
            journal.look();
            monitor.restore(checkpoint);
            // More points than before, others from the checkpoint on: seen in one look.
            train(monitor, 700, 2_000);
            journal.look();
            assertThat(read().recording().curve()).isEqualTo(monitor.curve());

            monitor.restore(checkpoint);
            journal.look();
            assertThat(read().recording().curve()).isEqualTo(monitor.curve());
        }
        assertThat(read().damagedLines()).isZero();
    }

    @Test
    void moment_fromBeforeUnits_countsTokens() throws Exception {
        assertThat(Json.LOSSLESS.readValue("{}", RunInfo.class).unit()).isEqualTo(TokenUnit.TOKEN);
        assertThat(Json.LOSSLESS
                        .readValue("{\"unit\":\"furlong\"}", RunInfo.class)
                        .unit())
                .isEqualTo(TokenUnit.TOKEN);
    }

    @Test
    void journal_modelDescribedLate_earlierPointsGetTheirEta() throws Exception {
        RunMonitor late = RunMonitor.builder("late").clock(() -> 1_000_000).build();
        try (JournalWriter journal = new JournalWriter(late, directory, LARGE)) {
            train(late, 1, 300);
            journal.look();
            assertThat(etaOfTheFifth(read().recording())).isNaN();
            late.describe("net", new ModelSize(1000, 32), 100);
        }

        assertThat(read().recording().curve()).isEqualTo(late.curve());
        assertThat(etaOfTheFifth(read().recording())).isPositive();
    }

    private static double etaOfTheFifth(Recording recording) {
        return recording.curve().get(5).ledger(recording.snapshot()).eta();
    }

    @Test
    void journal_resumedInANewProcess_isContinued() throws Exception {
        journalOf(monitor, 1, 500);
        Files.writeString(directory.resolve(RunFiles.JOURNAL), "{\"torn", StandardOpenOption.APPEND);
        int before = read().moments().size();
        RunMonitor resumed = monitor();
        resumed.restore(monitor.state());

        journalOf(resumed, 500, 2_000);

        assertThat(read().recording().curve()).isEqualTo(resumed.curve());
        assertThat(read().moments()).hasSizeGreaterThan(before);
        assertThat(read().damagedLines()).isOne();
        assertThat(directory.toFile().list()).containsExactly(RunFiles.JOURNAL);
    }

    @Test
    void journal_anotherRunOfThatName_keepsTheEarlierJournal() throws Exception {
        journalOf(monitor, 1, 500);
        RunMonitor other = monitor();

        journalOf(other, 3, 100);

        assertThat(read().recording().curve()).isEqualTo(other.curve());
        assertThat(directory.toFile().list()).hasSize(2).contains(RunFiles.JOURNAL);
    }

    @Test
    void journal_tooLarge_isWrittenAnewWithNothingLostOfTheCurve() throws Exception {
        try (JournalWriter journal = new JournalWriter(monitor, directory, 200_000)) {
            for (int t = 1; t < 20_000; t += 100) {
                train(monitor, t, t + 100);
                journal.look();
            }
            monitor.close();
        }

        assertThat(Files.size(directory.resolve(RunFiles.JOURNAL))).isLessThan(250_000);
        assertThat(read().recording()).isEqualTo(Recording.of(monitor));
    }

    @Test
    void journal_ofABillionSteps_staysSmall() throws Exception {
        try (JournalWriter journal = writer()) {
            for (long step = 1, stands = 1; step < 1_000_000_000; step += stands) {
                stands = Math.max(1, step / 200);
                monitor.steps(stands, stands * 1_000, 2 + 5 / Math.log(step + 2), 1_000_000 + 100 * step);
                if (stands % 4 == 0 || stands == 1) {
                    journal.look();
                }
            }
        }

        assertThat(Files.size(directory.resolve(RunFiles.JOURNAL))).isLessThan(8 << 20);
        assertThat(read().recording().curve()).isEqualTo(monitor.curve());
    }

    @Test
    void journal_directoryCannotBeMade_isCountedAndTrainingGoesOn() throws Exception {
        Path notADirectory = Files.createFile(directory.resolve("file"));
        try (JournalWriter journal = new JournalWriter(monitor, notADirectory.resolve("run"), LARGE)) {
            train(monitor, 1, 300);
            journal.look();
            assertThat(monitor.snapshot().process().listenerErrors()).isOne();
            journal.look();
            // The second try waits.
            assertThat(monitor.snapshot().process().listenerErrors()).isOne();
        }

        assertThat(monitor.snapshot().progress().steps()).isEqualTo(299);
        assertThat(monitor.snapshot().process().listenerErrors()).isEqualTo(2);
    }

    private Process process(String limit, String... more) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String command = limit + " exec " + java + " -XX:TieredStopAtLevel=1 -cp \"$CLASS_PATH\" "
                + JournalledRun.class.getName() + " " + directory + " " + String.join(" ", more);
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command);
        builder.environment().put("CLASS_PATH", System.getProperty("java.class.path"));
        return builder.redirectErrorStream(true).start();
    }

    @Test
    void journal_noRoomForMore_isCountedAndTrainingGoesOn() throws Exception {
        // The system refuses more than 50 KiB in a file, in the middle of a line.
        Process process = process("ulimit -f 50;");
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(output).contains("20000 steps, ").doesNotContain(" 0 errors").containsOnlyOnce("cannot be written");
        assertThat(Files.size(directory.resolve(RunFiles.JOURNAL))).isEqualTo(50 * 1024);
        assertThat(read().damagedLines()).isOne();
        assertThat(read().recording().curve()).hasSizeGreaterThan(20);
    }

    @Test
    void journal_processKilled_keepsWhatWasWritten() throws Exception {
        Process process = process("", "on");
        await().until(() -> Files.exists(directory.resolve(RunFiles.JOURNAL))
                && Files.size(directory.resolve(RunFiles.JOURNAL)) > 200_000);
        process.destroyForcibly().waitFor();

        assertThat(read().damagedLines()).isLessThanOrEqualTo(1);
        assertThat(read().recording().curve()).hasSizeGreaterThan(100);
        assertThat(read().recording().snapshot().progress().steps()).isGreaterThan(1_000);
        assertThat(read().recording().snapshot().timeline().words()).isEqualTo("failed");
    }

    @Test
    void journal_processTerminated_holdsTheEnd() throws Exception {
        Process process = process("", "on");
        await().until(() -> Files.exists(directory.resolve(RunFiles.JOURNAL))
                && Files.size(directory.resolve(RunFiles.JOURNAL)) > 200_000);
        assertThat(read().recording().snapshot().timeline().words()).isEqualTo("running");
        process.destroy();
        process.waitFor();

        assertThat(read().recording().snapshot().timeline().words()).isEqualTo("interrupted");
        assertThat(read().damagedLines()).isZero();
        assertThat(directory.toFile().list()).containsExactly(RunFiles.JOURNAL);
    }

    @Test
    void journal_runEnds_holdsItsOutcome() throws Exception {
        for (Outcome outcome : Outcome.values()) {
            RunMonitor run = monitor();
            Path folder = directory.resolve(outcome.label());
            try (JournalWriter journal = new JournalWriter(run, folder, LARGE)) {
                train(run, 1, 300);
                journal.look();
                assertThat(Journal.read(folder)
                                .recording()
                                .snapshot()
                                .timeline()
                                .words())
                        .isEqualTo("running");
                run.end(outcome);
            }

            assertThat(Journal.read(folder).recording()).isEqualTo(Recording.of(run));
            assertThat(Journal.read(folder).recording().snapshot().timeline().outcome())
                    .isEqualTo(outcome);
        }
    }

    @Test
    void journal_closedBeforeTheRun_doesNotReadAsFailed() throws Exception {
        journalOf(monitor, 1, 300);

        assertThat(read().recording().snapshot().timeline().words()).isEqualTo("running");
    }

    @Test
    void journal_writtenByAnotherRunAtOnce_isCountedAndLeftAlone() throws Exception {
        RunMonitor other = monitor();
        try (JournalWriter journal = writer();
                JournalWriter second = new JournalWriter(other, directory, LARGE)) {
            train(monitor, 1, 300);
            journal.look();
            second.look();
        }

        assertThat(other.snapshot().process().listenerErrors()).isPositive();
        assertThat(read().recording().curve()).isEqualTo(monitor.curve());
        assertThat(read().damagedLines()).isZero();
    }

    @Test
    void read_noJournal_oneLineThatNamesThePlace() {
        assertThatThrownBy(this::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve(RunFiles.JOURNAL).toString());
    }

    @Test
    void directory_anyName_isOneSafeNameOfItsOwn() {
        List<String> names = List.of(
                "char-lm",
                "..",
                ".",
                "a/b",
                "a_b",
                "C:\\x",
                "η",
                "CON",
                "con.txt",
                "x\n",
                "x\u0000",
                "-rf",
                "a.",
                " ",
                "x".repeat(10_000));
        List<Path> directories =
                names.stream().map(name -> RunFiles.directory(directory, name)).toList();

        assertThat(directories).doesNotHaveDuplicates().allSatisfy(path -> {
            assertThat(path.getParent()).isEqualTo(directory);
            assertThat(path.getFileName().toString())
                    .matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,100}")
                    .doesNotEndWith(".");
        });
        assertThat(directories.get(0)).hasFileName("char-lm");
    }

    @Test
    void start_aLinkInTheJournalsPlace_isNotWrittenThrough(@TempDir Path folder) throws Exception {
        for (String name : List.of(RunFiles.JOURNAL, RunFiles.JOURNAL + ".lock")) {
            Path precious = Files.writeString(folder.resolve("precious-" + name), "mine\n");
            Path directory = Files.createDirectories(folder.resolve("runs-" + name));
            Files.createSymbolicLink(directory.resolve(name), precious);
            RunMonitor monitor = RunMonitor.builder("char-lm").build();
            monitor.step(100, 4.5);
            try (JournalWriter journal = JournalWriter.start(monitor, directory)) {
                journal.look();
                assertThat(monitor.snapshot().process().listenerErrors()).isPositive();
            }
            assertThat(precious).hasContent("mine\n");
            monitor.close();
        }
    }

    /** A checksum holds for what a fault of a writer, or a person, made of it too. */
    @Test
    void read_goodChecksumsAroundBadNumbers_isRefusedInOneLineOrCanBeShown() throws Exception {
        journalOf(monitor, 1, 1_000);
        List<String> lines = Files.readAllLines(directory.resolve(RunFiles.JOURNAL));
        String point = lines.stream()
                .filter(line -> line.contains("\"point\""))
                .reduce((a, b) -> b)
                .orElseThrow();
        String moment = lines.stream()
                .filter(line -> line.contains("\"moment\""))
                .reduce((a, b) -> b)
                .orElseThrow();
        String mark = lines.stream()
                .filter(line -> line.contains("\"event\""))
                .findFirst()
                .orElse(point);
        for (String line : List.of(point, moment, mark)) {
            Matcher number = Pattern.compile("(?<=[:\\[,])-?\\d[\\d.eE+-]*").matcher(line);
            while (number.find()) {
                for (String bad :
                        List.of("-1", "-7.5", "1e308", "9223372036854775807", "-9223372036854775808", "\"NaN\"")) {
                    String changed = line.substring(0, number.start()) + bad + line.substring(number.end());
                    String checked = withChecksum(changed);
                    List<String> all = new ArrayList<>(lines);
                    all.set(lines.indexOf(line), checked);
                    Files.write(directory.resolve(RunFiles.JOURNAL), all);
                    try {
                        Recording recording = read().recording();
                        RunJson.run(recording, 0);
                        RunJson.list(List.of(recording.snapshot()));
                        CurveCsv.write(new StringBuilder(), recording);
                        SummaryTable.of(recording.snapshot()).baseline().model().lines(80);
                    } catch (IOException e) {
                        assertThat(e.getMessage()).contains(RunFiles.JOURNAL).hasLineCount(1);
                    } catch (RuntimeException e) {
                        throw new AssertionError(changed, e);
                    }
                }
            }
        }
    }

    private static String withChecksum(String line) {
        String body = line.substring(0, line.indexOf(",\"crc32c\""));
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format("%s,\"crc32c\":\"%08x\"}", body, crc.getValue());
    }
}
