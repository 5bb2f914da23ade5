package org.etascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code watch} as its own process, following what other processes write. */
class WatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stopAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process watch(String file, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.etascope.cli.Main",
                "watch",
                file,
                "--params=1M",
                "--tokens-per-step=1000",
                "--port=0"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out.txt").toFile())
                .redirectError(directory.resolve("err.txt").toFile())
                .start();
        started.add(process);
        return process;
    }

    private void shell(String script) throws IOException {
        started.add(new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .start());
    }

    private String get(String path) throws IOException {
        String said = Files.readString(directory.resolve("out.txt"));
        Matcher address = ADDRESS.matcher(said);
        if (!address.find()) {
            throw new IOException("no address yet: " + said);
        }
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(address.group() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void awaitSteps(long steps) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    JsonNode runs = new ObjectMapper().readTree(get("/api/runs"));
                    assertThat(runs.get(0).get("steps").asLong()).isEqualTo(steps);
                });
    }

    private void append(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** {@return what it printed, once it has ended after a signal} */
    private String interrupted(Process process) throws IOException, InterruptedException, TimeoutException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new TimeoutException("watch did not end after SIGINT");
        }
        return Files.readString(directory.resolve("out.txt"));
    }

    @Test
    void writer_createdLaterAndPausingMidLine_isFollowedExactly() throws Exception {
        Process watch = watch(directory.resolve("run.log").toString());
        shell("sleep 1; for i in 0 1 2 3; do echo \"s:$i trl:10.$i lr:0.1\" >> run.log; done;"
                + " printf 's:4 trl:9' >> run.log; sleep 1; printf '.5 lr:0.1\\n' >> run.log");
        awaitSteps(5);
        assertThat(get("/metrics"))
                .contains("etascope_last_loss_nats{run=\"run\"")
                .contains("} 9.5");
        String out = interrupted(watch);
        assertThat(watch.exitValue()).isEqualTo(130);
        assertThat(out).contains("transmitted").contains("llmc, 5 points");
        assertThat(Files.readString(directory.resolve("err.txt"))).isEmpty();
    }

    @Test
    void csv_growingLineByLine_isTakenAtOnce() throws Exception {
        append("run.csv", "step,loss\n1,10\n");
        watch(directory.resolve("run.csv").toString());
        awaitSteps(1);
        append("run.csv", "2,9\n");
        awaitSteps(2);
        append("run.csv", "3,8\n4,");
        awaitSteps(3);
        append("run.csv", "7\n");
        awaitSteps(4);
    }

    @Test
    void file_truncatedThenReplaced_isFollowedOn() throws Exception {
        append("run.log", "s:0 trl:10\ns:1 trl:9\ns:2 trl:8\n");
        watch(directory.resolve("run.log").toString());
        awaitSteps(3);
        Files.writeString(directory.resolve("run.log"), "s:3 trl:7\n");
        awaitSteps(4);
        append("run.log.new", "s:4 trl:6\ns:5 trl:6\n");
        Files.move(directory.resolve("run.log.new"), directory.resolve("run.log"), StandardCopyOption.REPLACE_EXISTING);
        awaitSteps(6);
    }

    @Test
    void trainerState_rewrittenLonger_countsEachEntryOnce() throws Exception {
        Path file = directory.resolve("trainer_state.json");
        String entry = "{\"step\": %d, \"loss\": %d}";
        Files.writeString(file, "{\"log_history\": [" + String.format(entry, 1, 10) + "]}\n");
        watch(file.toString());
        awaitSteps(1);
        Files.writeString(
                file, "{\"log_history\": [" + String.format(entry, 1, 10) + ", " + String.format(entry, 2, 9) + "]}\n");
        awaitSteps(2);
    }

    @Test
    void state_afterKillAndRestart_goesOnWithTheSameBaselineAndCountsNothingTwice() throws Exception {
        String log = directory.resolve("run.log").toString();
        String state = "--state=" + directory.resolve("state");
        append("run.log", "s:0 trl:10\ns:1 trl:9\ns:0 tel:9.5\n");
        Process first = watch(log, state);
        awaitSteps(2);
        interrupted(first);
        append("run.log", "s:2 trl:8\n");
        Process second = watch(log, state);
        awaitSteps(3);
        JsonNode run = new ObjectMapper().readTree(get("/api/runs/run"));
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(10);
        assertThat(run.get("tokens").asLong()).isEqualTo(3000);
        assertThat(run.get("segment").asLong()).isZero();
        interrupted(second);
    }

    @Test
    void badLine_isReportedOnceAndCounted() throws Exception {
        append("run.log", "s:0 trl:10\ns:1 trl:x\ns:2 trl:y\ns:3 trl:9\n");
        Process watch = watch(directory.resolve("run.log").toString());
        awaitSteps(4);
        interrupted(watch);
        assertThat(Files.readAllLines(directory.resolve("err.txt"))).hasSize(1);
    }

    @Test
    void standardInput_closed_endsWithASummaryAndZero() throws Exception {
        Process watch = watch("-", "--run=piped");
        try (OutputStream in = watch.getOutputStream()) {
            in.write("s:0 trl:10\ns:1 trl:9\n".getBytes(UTF_8));
            in.flush();
            awaitSteps(2);
            in.write("s:2 trl:8".getBytes(UTF_8));
        }
        assertThat(watch.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isZero();
        assertThat(Files.readString(directory.resolve("out.txt"))).contains("llmc, 3 points");
    }

    private static String flatFrom(int from, int steps) {
        StringBuilder text = new StringBuilder();
        for (int t = 1; t <= steps; t++) {
            double u = (t * 7919L % 1000) / 1000.0 - 0.4995;
            double loss = 2.6 + 8.2 * Math.pow(1 + Math.min(t, from) / 5.0, -0.4) + 0.03 * Math.sqrt(12) * u;
            text.append("s:").append(t).append(" trl:").append(loss).append('\n');
        }
        return text.toString();
    }

    @Test
    void until_saturated_runsTheCommandAndEndsWithThree() throws Exception {
        append("flat.log", flatFrom(1500, 6000));
        Process watch = watch(
                directory.resolve("flat.log").toString(),
                "--until=saturated,failed",
                "--exec=echo $ETASCOPE_RUN $ETASCOPE_EVENT > told.txt; mv told.txt " + directory.resolve("told.txt")
                        + "; exit 7");
        assertThat(watch.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(3);
        assertThat(Files.readString(directory.resolve("told.txt"))).isEqualTo("flat saturated\n");
        assertThat(Files.readString(directory.resolve("out.txt"))).contains("exit code 7");
    }

    private static String learntUpTo(int steps) {
        StringBuilder text = new StringBuilder();
        for (int t = 1; t <= steps; t++) {
            double u = (t * 7919L % 1000) / 1000.0 - 0.4995;
            text.append("s:")
                    .append(t)
                    .append(" trl:")
                    .append(2.6 + 8.2 * Math.pow(1 + t / 5.0, -0.4) + 0.1 * u)
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void until_blowUp_endsWithFour() throws Exception {
        StringBuilder text = new StringBuilder(learntUpTo(1000));
        for (int t = 1001; t <= 1100; t++) {
            text.append("s:")
                    .append(t)
                    .append(" trl:")
                    .append(9 + 0.01 * (t % 7))
                    .append('\n');
        }
        append("blown.log", text.toString());
        Process watch = watch(
                directory.resolve("blown.log").toString(),
                "--until=blow_up",
                "--exec=echo $ETASCOPE_RUN $ETASCOPE_EVENT > " + directory.resolve("told.txt"));
        assertThat(watch.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(4);
        assertThat(Files.readString(directory.resolve("told.txt"))).isEqualTo("blown blow_up\n");
    }

    @Test
    void until_failed_endsWithOneAndOneLine() throws Exception {
        append("good.log", learntUpTo(20));
        append("late.csv", "step,loss\n1000,10\n2000,9\n");
        Process watch = watch(
                directory.resolve("good.log").toString(),
                directory.resolve("late.csv").toString(),
                "--until=failed",
                "--exec=echo $ETASCOPE_RUN $ETASCOPE_EVENT > " + directory.resolve("told.txt"));
        assertThat(watch.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(1);
        assertThat(Files.readString(directory.resolve("told.txt"))).isEqualTo("late failed\n");
        assertThat(Files.readAllLines(directory.resolve("err.txt")))
                .singleElement()
                .asString()
                .startsWith("etascope: late: ")
                .contains("--vocab");
    }

    @Test
    void until_nothingMetBeforeCtrlC_endsWith130AndRunsNoCommand() throws Exception {
        append("run.log", learntUpTo(20));
        Process watch = watch(
                directory.resolve("run.log").toString(),
                "--until=saturated,blow_up,ended,failed",
                "--exec=touch " + directory.resolve("told.txt"));
        awaitSteps(20);
        interrupted(watch);
        assertThat(watch.exitValue()).isEqualTo(130);
        assertThat(directory.resolve("told.txt")).doesNotExist();
    }

    @Test
    void usage_ofTheProcess_endsWithTwo() throws Exception {
        Process watch = watch("run.log", "--until=bored");
        assertThat(watch.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isEqualTo(2);
        assertThat(Files.readAllLines(directory.resolve("err.txt"))).hasSize(1);
        assertThat(Files.readString(directory.resolve("out.txt"))).isEmpty();
    }

    @Test
    void until_endedAfterSilence_endsWithZero() throws Exception {
        append("run.log", "s:1 trl:10\ns:2 trl:9\n");
        Process watch = watch(directory.resolve("run.log").toString(), "--until=ended", "--end-after=2s");
        assertThat(watch.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.exitValue()).isZero();
        assertThat(Files.readString(directory.resolve("out.txt"))).contains("run: ended");
    }

    @Test
    void log_thatGoesOnAfterItsEnd_isServedAsOneRunThatGoesOn() throws Exception {
        append("run.log", "s:1 trl:10\ns:2 trl:9\n");
        watch(directory.resolve("run.log").toString(), "--end-after=3s");
        String labels = "run=\"run\",worker=\"\",}";
        String unknownEnd = "etascope_run_end_timestamp_seconds{" + labels + " NaN";
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get("/metrics"))
                        .contains("etascope_run_tokens{" + labels + " 2000.0")
                        .doesNotContain(unknownEnd)
                        .contains("etascope_run_outcome{outcome=\"finished\"," + labels + " 0.0"));
        append("run.log", "s:3 trl:8\n");
        // Until it has been silent again, for twice as long.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/metrics"))
                        .contains("etascope_run_tokens{" + labels + " 3000.0")
                        .contains(unknownEnd));
        assertThat(new ObjectMapper().readTree(get("/api/runs"))).hasSize(1);
    }

    @Test
    void folder_logsInItAndLaterOnes_areRunsOfOneEndpoint() throws Exception {
        Files.createDirectories(directory.resolve("runs/a"));
        append("runs/a/train.log", "s:0 trl:10\ns:1 trl:9\n");
        append("runs/notes.txt", "nothing to see\n");
        Process watch = watch(directory.resolve("runs").toString(), "--state=" + directory.resolve("kept"));
        append("runs/b.csv", "step,loss\n1,8\n2,7\n3,6\n");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get("/metrics"))
                        .contains("etascope_last_loss_nats{run=\"a/train\"")
                        .contains("etascope_last_loss_nats{run=\"b\""));
        interrupted(watch);
        List<Path> journals;
        try (java.util.stream.Stream<Path> walk = Files.walk(directory.resolve("kept"))) {
            journals = walk.filter(path -> path.endsWith("journal.jsonl")).toList();
        }
        assertThat(journals).hasSize(2);
        CommandLineRun compare = CommandLineRun.of(
                "compare", journals.get(0).toString(), journals.get(1).toString());
        assertThat(compare.err()).isEmpty();
        assertThat(compare.out()).contains("a/train");
    }

    private static void mlflow(Connection database, String run, int from, int to) throws SQLException {
        try (Statement insert = database.createStatement()) {
            insert.executeUpdate(
                    "INSERT OR IGNORE INTO runs VALUES ('" + run + "', '" + run + "', " + from + ", 'active')");
            for (int step = from; step <= to; step++) {
                insert.executeUpdate("INSERT INTO metrics VALUES ('loss', " + 10 * Math.pow(step, -0.1) + ", " + step
                        + ", '" + run + "', " + step + ", 0)");
            }
        }
    }

    private void awaitTokens(String run, long tokens) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get("/metrics"))
                        .containsPattern("(?m)^etascope_run_tokens\\{run=\"" + run + "\",worker=\"\",} "
                                + (double) tokens + "$"));
    }

    /** The writer never waits for the reader, and what it has not yet moved from its write-ahead log counts. */
    @Test
    void database_runsThatGrowAndNewOnes_areFollowedExactly() throws Exception {
        Path file = directory.resolve("mlflow.db");
        List<String> options = List.of("--state=" + directory.resolve("kept"));
        Process watch = watch(file.toString(), options.toArray(String[]::new));
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement make = database.createStatement()) {
            make.executeUpdate(
                    "CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, start_time BIGINT, lifecycle_stage TEXT)");
            make.executeUpdate("CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT)");
            make.executeUpdate("CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step"
                    + " BIGINT, is_nan BOOLEAN)");
            mlflow(database, "first", 1, 3);
            awaitTokens("first", 3000);
            make.executeQuery("PRAGMA journal_mode = WAL").close();
            mlflow(database, "first", 4, 5);
            mlflow(database, "second", 1, 2);
            awaitTokens("first", 5000);
            awaitTokens("second", 2000);
            interrupted(watch);
            mlflow(database, "second", 3, 3);
        }
        // Those of before that are done stay; the last one goes on where it was.
        watch(file.toString(), options.toArray(String[]::new));
        awaitTokens("second", 3000);
        assertThat(get("/api/runs/second")).contains("\"segment\":0,");
    }

    @Test
    void usage_untilExecAndDuration_areChecked() {
        assertThat(CommandLineRun.of("watch", "a", "--params=1", "--until=bored")
                        .error())
                .contains("--until \"bored\"");
        assertThat(CommandLineRun.of("watch", "a", "--params=1", "--exec=true").error())
                .contains("--until");
        assertThat(CommandLineRun.of("watch", "a", "--params=1", "--end-after=soon")
                        .error())
                .contains("--end-after \"soon\"")
                .contains("90s");
    }

    @Test
    void port_taken_isOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            CommandLineRun run = CommandLineRun.of(
                    "watch", "none.log", "--params=1", "--tokens-per-step=1", "--port=" + taken.getLocalPort());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.error())
                    .contains("port " + taken.getLocalPort() + " is taken", "--port")
                    .doesNotContain("-Detascope");
        }
    }

    @Test
    void usage_whatCannotWork_isOneLineAndShowsNoEmptyTable() throws IOException {
        append("run.log", "step:1/10 train_loss:10\n");
        String log = directory.resolve("run.log").toString();
        CommandLineRun tokens = CommandLineRun.of("watch", log, "--params=1", "--port=0");
        assertThat(tokens.exitCode()).isEqualTo(2);
        assertThat(tokens.error()).contains("--tokens-per-step is needed");
        assertThat(tokens.out()).doesNotContain("transmitted").doesNotContain("NaN");
        CommandLineRun port = CommandLineRun.of("watch", log, "--params=1", "--port=99999");
        assertThat(port.exitCode()).isEqualTo(2);
        assertThat(port.error()).contains("--port 99999").contains("65535");
        CommandLineRun bind = CommandLineRun.of("watch", log, "--params=1", "--bind=no.such.host.invalid");
        assertThat(bind.exitCode()).isEqualTo(2);
        assertThat(bind.error()).contains("--bind \"no.such.host.invalid\"").contains("127.0.0.1");
        CommandLineRun state = CommandLineRun.of("watch", log, "--params=1", "--state=" + log);
        assertThat(state.exitCode()).isEqualTo(1);
        assertThat(state.error()).contains("run.log is no directory").doesNotContain("Delete");
    }

    @Test
    void gzip_finishedLog_isFollowed() throws Exception {
        Path file = directory.resolve("run.log.gz");
        try (OutputStream zip = new GZIPOutputStream(Files.newOutputStream(file))) {
            zip.write("s:0 trl:10\ns:1 trl:9\n".getBytes(UTF_8));
        }
        Process watch = watch(file.toString());
        awaitSteps(2);
        assertThat(interrupted(watch)).contains("llmc, 2 points");
    }

    @Test
    void log_withoutLosses_isSaidToHaveNoFormat() throws Exception {
        append("run.log", "hello\n");
        Process watch = watch(directory.resolve("run.log").toString());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Files.readString(directory.resolve("out.txt")))
                        .contains("waiting for the first loss"));
        assertThat(interrupted(watch)).contains("no loss has come, and no format was recognised");
    }
}
