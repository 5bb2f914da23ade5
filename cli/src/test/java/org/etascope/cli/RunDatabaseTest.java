package org.etascope.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases of MLflow and Trackio, made here with the tables that both have. */
class RunDatabaseTest {
    private static final int STEPS = 300;
    private static final long START = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private static double loss(int step) {
        return 2.6 + 8.2 * Math.pow(1 + step / 5.0, -0.4);
    }

    private Connection database(String name, String... tables) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(name));
        try (Statement make = connection.createStatement()) {
            for (String table : tables) {
                make.executeUpdate(table);
            }
        }
        connection.setAutoCommit(false);
        return connection;
    }

    // ---- MLflow ----

    private Connection mlflow() throws SQLException {
        return database(
                "mlflow.db",
                "CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(250), status VARCHAR(9),"
                        + " start_time BIGINT, end_time BIGINT, lifecycle_stage VARCHAR(20), experiment_id INTEGER)",
                "CREATE TABLE params (key VARCHAR(250) NOT NULL, value VARCHAR(8000) NOT NULL, run_uuid VARCHAR(32) NOT"
                        + " NULL, PRIMARY KEY (key, run_uuid))",
                "CREATE TABLE metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT NULL,"
                        + " run_uuid VARCHAR(32) NOT NULL, step BIGINT DEFAULT '0' NOT NULL, is_nan BOOLEAN DEFAULT '0'"
                        + " NOT NULL, PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan))",
                "CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid)");
    }

    private static void run(Connection database, String id, String name, String stage) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement("INSERT INTO runs VALUES (?, ?, 'FINISHED', "
                + "(SELECT 1700000000000 + count(*) FROM runs), NULL, ?, 0)")) {
            insert.setString(1, id);
            insert.setString(2, name);
            insert.setString(3, stage);
            insert.executeUpdate();
        }
    }

    private static void params(Connection database, String id, String... namesAndValues) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement("INSERT INTO params VALUES (?, ?, ?)")) {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                insert.setString(1, namesAndValues[i]);
                insert.setString(2, namesAndValues[i + 1]);
                insert.setString(3, id);
                insert.executeUpdate();
            }
        }
    }

    /** As MLflow stores a value: NaN is 0 with a mark, infinity the largest number. */
    private static void metric(Connection database, String id, String key, int step, double value) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, key);
            insert.setDouble(
                    2, Double.isNaN(value) ? 0 : Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value)));
            insert.setLong(3, START + 1000L * step);
            insert.setString(4, id);
            insert.setLong(5, step);
            insert.setBoolean(6, Double.isNaN(value));
            insert.executeUpdate();
        }
    }

    /** A database with one run, which has a loss at each step. */
    private void run(String name, String key, int steps) throws SQLException {
        try (Connection database = mlflow()) {
            run(database, "a1", name, "active");
            for (int step = 1; step <= steps; step++) {
                metric(database, "a1", key, step, loss(step));
            }
            database.commit();
        }
    }

    private static CommandLineRun replay(Path file, String... more) {
        List<String> args = new ArrayList<>(List.of("replay", file.toString(), "--params=1M", "--json"));
        args.addAll(List.of(more));
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    @Test
    void mlflow_lossAmongOtherMetrics_isTheRunWithWhatTheParametersSay() throws Exception {
        try (Connection database = mlflow()) {
            run(database, "a1", "capable-fox-12", "active");
            params(database, "a1", "vocab_size", "50257", "learning_rate", "0.0006", "optimizer", "adamw \"quoted\"\n");
            for (int step = 1; step <= STEPS; step++) {
                metric(database, "a1", "learning_rate", step, 6e-4);
                metric(database, "a1", "system/cpu_utilization_percentage", step / 7, 31.5 + step);
                metric(database, "a1", "train_loss", step, loss(step));
                metric(database, "a1", "num_input_tokens_seen", step, 65_536.0 * step);
                if (step % 100 == 0) {
                    metric(database, "a1", "val_loss", step, loss(step) + 0.1);
                }
            }
            database.commit();
        }
        byte[] before = Files.readAllBytes(directory.resolve("mlflow.db"));

        JsonNode run =
                replay(directory.resolve("mlflow.db"), "--baseline=uniform").json();

        assertThat(run.get("format").asText()).isEqualTo("mlflow");
        assertThat(run.get("run").asText()).isEqualTo("capable-fox-12");
        assertThat(run.get("points").asInt()).isEqualTo(STEPS);
        assertThat(run.get("tokens").asLong()).isEqualTo(65_536L * STEPS);
        assertThat(run.get("baseline_nats").asDouble()).isEqualTo(Math.log(50_257));
        assertThat(run.get("notes").toString()).contains("50,257, as the log says");
        assertThat(Files.readAllBytes(directory.resolve("mlflow.db"))).isEqualTo(before);
        assertThat(directory).isDirectoryNotContaining(path -> !path.endsWith("mlflow.db"));
    }

    @Test
    void mlflow_notANumberAndInfinity_areNotFiniteAndNeverZero() throws Exception {
        try (Connection database = mlflow()) {
            run(database, "a1", "broken", "active");
            for (int step = 1; step <= 20; step++) {
                double value = step == 7 ? Double.NaN : step == 9 ? Double.POSITIVE_INFINITY : loss(step);
                metric(database, "a1", "loss", step, value);
            }
            database.commit();
        }
        JsonNode run =
                replay(directory.resolve("mlflow.db"), "--tokens-per-step=1000").json();
        assertThat(run.get("nonfinite").asInt()).isEqualTo(2);
        assertThat(run.get("points").asInt()).isEqualTo(18);
        assertThat(run.get("tokens").asLong()).isEqualTo(18_000);
        assertThat(run.get("mean_loss_nats").asDouble()).isBetween(loss(20), loss(1));
    }

    /** A second run may begin low, as a fine-tuning does: it is no restart of the first. */
    @Test
    void mlflow_severalRuns_areRunsOfTheirNamesAndDeletedOnesAreNone() throws Exception {
        try (Connection database = mlflow()) {
            run(database, "a1", "first", "active");
            run(database, "b2", "second", "active");
            run(database, "c3", "second", "active");
            run(database, "d4", "thrown away", "deleted");
            run(database, "e5", "empty", "active");
            for (int step = 1; step <= STEPS; step++) {
                metric(database, "a1", "loss", step, loss(step));
                metric(database, "b2", "loss", step, loss(step + STEPS));
                metric(database, "c3", "loss", 2 * step, loss(step) + 1);
                metric(database, "d4", "loss", step, 1);
            }
            database.commit();
        }
        Path file = directory.resolve("mlflow.db");
        List<String> objects = replay(file, "--tokens-per-step=1000", "--vocab=50257")
                .out()
                .lines()
                .toList();
        assertThat(objects).hasSize(3);
        assertThat(objects.get(0)).contains("\"run\":\"first\"", "\"tokens\":300000,", "\"restarts\":0");
        assertThat(objects.get(1)).contains("\"run\":\"second\"", "\"tokens\":300000,", "\"restarts\":0");
        assertThat(objects.get(2)).contains("\"run\":\"second-c3\"", "\"tokens\":600000,");

        JsonNode second = replay(file, "--tokens-per-step=1000", "--run=second").json();
        assertThat(second.get("run").asText()).isEqualTo("second");
        assertThat(second.get("current_loss_nats").asDouble()).isCloseTo(loss(2 * STEPS), within(0.03));
        assertThat(replay(file, "--tokens-per-step=1000", "--run=third").error())
                .contains("--run \"third\" is none of the 3 runs in", "first, second, second-c3");

        CommandLineRun compared = CommandLineRun.of(
                "compare", file.toString(), "--params=1M", "--tokens-per-step=1000", "--vocab=50257", "--json");
        assertThat(compared.err()).isEmpty();
        assertThat(compared.json().get("runs")).hasSize(3);
    }

    @Test
    void mlflow_metricsWithoutSteps_areValuesInOrder() throws Exception {
        try (Connection database = mlflow()) {
            run(database, "a1", "unnumbered", "active");
            for (int i = 1; i <= 50; i++) {
                try (PreparedStatement insert =
                        database.prepareStatement("INSERT INTO metrics VALUES ('loss', ?, ?, 'a1', 0, 0)")) {
                    insert.setDouble(1, loss(i));
                    insert.setLong(2, START + i);
                    insert.executeUpdate();
                }
            }
            database.commit();
        }
        JsonNode run = replay(
                        directory.resolve("mlflow.db"), "--tokens-per-step=1000", "--log-every=10", "--vocab=50257")
                .json();
        assertThat(run.get("points").asInt()).isEqualTo(50);
        assertThat(run.get("steps").asInt()).isEqualTo(500);
        assertThat(run.get("notes").toString()).contains("no step numbers");
    }

    @Test
    void mlflow_metricOfAnotherName_isFoundByMap() throws Exception {
        run("odd", "objective", 50);
        Path file = directory.resolve("mlflow.db");
        assertThat(replay(file, "--tokens-per-step=1000", "--map=loss=objective")
                        .json()
                        .get("points")
                        .asInt())
                .isEqualTo(50);
        assertThat(replay(file, "--tokens-per-step=1000").error()).contains("no training loss", "objective");
    }

    /** What the writer has not yet moved from its write-ahead log counts, too. */
    @Test
    void mlflow_withAWriteAheadLog_isReadWithWhatIsInIt() throws Exception {
        try (Connection database = mlflow()) {
            database.commit();
            database.setAutoCommit(true);
            try (Statement make = database.createStatement()) {
                make.execute("PRAGMA journal_mode = WAL");
            }
            run(database, "a1", "live", "active");
            for (int step = 1; step <= 60; step++) {
                metric(database, "a1", "loss", step, loss(step));
            }
            JsonNode run = replay(directory.resolve("mlflow.db"), "--tokens-per-step=1000")
                    .json();
            assertThat(run.get("points").asInt()).isEqualTo(60);
        }
        assertThat(replay(directory.resolve("mlflow.db"), "--tokens-per-step=1000")
                        .json()
                        .get("points")
                        .asInt())
                .isEqualTo(60);
        assertThat(directory).isDirectoryNotContaining(path -> !path.endsWith("mlflow.db"));
    }

    // ---- Trackio ----

    private static void log(Connection database, String run, int id, String metrics) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement(
                "INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, run + "-id");
            insert.setString(2, String.format(Locale.ROOT, "2026-11-26T10:%02d:%02d.123456", id / 60 % 60, id % 60));
            insert.setString(3, run);
            insert.setInt(4, id);
            insert.setBytes(5, metrics.getBytes(UTF_8));
            insert.executeUpdate();
        }
    }

    @Test
    void trackio_callsAndSteps_theTrainingsStepCounts() throws Exception {
        try (Connection database = database(
                "project.db",
                "CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT"
                        + " NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL)",
                "CREATE INDEX idx_metrics_run_step ON metrics(run_id, step)",
                "CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT"
                        + " NULL, config TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE(run_id))",
                "INSERT INTO configs VALUES (1, 'a-id', 'a', '{\"model\": {\"vocab_size\": 32000},"
                        + " \"loss\": \"ce\", \"lr\": \"cosine\"}', '2026-11-26')")) {
            for (int i = 0; i < STEPS; i++) {
                String value = i == 5 ? "\"NaN\"" : i == 6 ? "\"-Infinity\"" : Double.toString(loss(10 * i + 10));
                log(
                        database,
                        "a",
                        i,
                        "{\"train/loss\": " + value + ", \"train/global_step\": " + (10 * i + 10)
                                + ", \"table\": {\"_type\": \"x\"}}");
                log(database, "b", i, "{\"loss\":" + loss(i) + "}");
                log(database, "b", i, "not json");
            }
            database.commit();
        }
        List<String> objects = replay(directory.resolve("project.db"), "--tokens-per-step=1000", "--lenient")
                .out()
                .lines()
                .toList();
        assertThat(objects).hasSize(2);
        assertThat(objects.get(0))
                .contains("\"run\":\"a\"", "\"format\":\"trackio\"", "\"tokens\":2980000,", "\"nonfinite\":2,")
                .contains("vocab size: 32,000, as the log says");
        assertThat(objects.get(1)).contains("\"run\":\"b\"", "\"points\":300,");
    }

    // ---- what is no such database ----

    @Test
    void otherDatabases_andDamagedOnes_areOneLine() throws Exception {
        try (Connection database = database("other.db", "CREATE TABLE metrics (id INTEGER, value REAL)")) {
            database.commit();
        }
        assertThat(replay(directory.resolve("other.db")).error()).contains("neither MLflow's nor Trackio's");
        Path damaged = directory.resolve("damaged.db");
        Files.write(damaged, Arrays.copyOf("SQLite format 3\0".getBytes(US_ASCII), 5000));
        CommandLineRun run = replay(damaged);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.error()).contains("damaged.db cannot be read");
    }

    @Test
    void aViewInTheirPlace_isNotAsked() throws Exception {
        try (Connection database = database(
                "view.db",
                "CREATE VIEW metrics AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
                        + " SELECT id, '' AS timestamp, 'a' AS run_name, id AS step, '{}' AS metrics FROM n")) {
            database.commit();
        }
        assertThat(replay(directory.resolve("view.db")).error()).contains("neither MLflow's nor Trackio's");
    }

    @Test
    void cutOffDatabases_endInAResultOrOneLine() throws Exception {
        run("cut", "loss", 2000);
        byte[] whole = Files.readAllBytes(directory.resolve("mlflow.db"));
        SplittableRandom random = new SplittableRandom(7);
        Path cut = directory.resolve("cut.db");
        for (int i = 0; i < 60; i++) {
            byte[] bytes = Arrays.copyOf(whole, 200 + random.nextInt(whole.length - 200));
            for (int j = 0; j < i % 5; j++) {
                bytes[100 + random.nextInt(bytes.length - 100)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(cut, bytes);
            CommandLineRun run = replay(cut, "--tokens-per-step=1000", "--vocab=50257", "--lenient");
            if (run.exitCode() == 0) {
                assertThat(run.json().get("points").asInt()).isPositive();
            } else {
                assertThat(run.error()).startsWith("etascope: ").doesNotContain("internal error");
            }
        }
    }

    @Test
    void pagesAndMemory_ofALargeRun_areBounded() throws SQLException {
        int many = 60_000;
        run("long", "loss", many);
        JsonNode run =
                replay(directory.resolve("mlflow.db"), "--tokens-per-step=1000").json();
        assertThat(run.get("points").asInt()).isEqualTo(many);
        assertThat(run.get("steps").asInt()).isEqualTo(many);
    }
}
