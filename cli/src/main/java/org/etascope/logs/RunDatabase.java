package org.etascope.logs;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;

/**
 * A SQLite database of MLflow or Trackio, told by its first bytes: each run in it is a log of one JSON object per step.
 *
 * <p>It is opened for reading only. Rows are read in pages, so that memory stays bounded and whoever writes waits for
 * milliseconds at most. MLflow keeps NaN as 0 with a mark and infinity as the largest number: both are what they were.
 */
public final class RunDatabase {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    /** Where the header says how it is to be read: 2 for a write-ahead log. */
    private static final int READ_VERSION = 19;

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int PAGE = 1 << 20;
    private static final int MOST_RUNS = 10_000;
    private static final int ID_SHOWN = 8;
    /** In a row, each with {@link #PATIENCE_MILLIS} or a look's distance between. */
    private static final int MOST_FAILURES = 5;

    private final Path file;
    private final Tables tables;

    /** A run in it. */
    public final class Run {
        private final String id;
        private final String name;

        private Run(String id, String name) {
            this.id = id;
            this.name = name;
        }

        /** {@return what the database knows it by} */
        public String id() {
            return id;
        }

        /** {@return its name, which no other run in it has} */
        public String name() {
            return name;
        }

        /** {@return whose database it is in} */
        public LogFormat format() {
            return tables.format;
        }

        /**
         * {@return the same run under another name}
         *
         * @param other the name
         */
        public Run named(String other) {
            return new Run(id, other);
        }

        /**
         * {@return its log, as {@link OpenLog} reads it}
         *
         * @param atItsEnd asked at each end of what is there: whether to look again for more
         * @throws IOException if it cannot be read
         */
        public InputStream open(More atItsEnd) throws IOException {
            return new Rows(id, atItsEnd);
        }
    }

    /**
     * What to ask for. Rows come in the order in which they were logged: id, step, time, name of the value or null, value
     * or all values as a JSON object.
     */
    private record Tables(LogFormat format, String step, String runs, String facts, String rows) {
        private static final Tables MLFLOW = new Tables(
                LogFormat.MLFLOW,
                "step",
                "SELECT run_uuid, name FROM runs WHERE lifecycle_stage IS NOT 'deleted' AND EXISTS"
                        + " (SELECT 1 FROM metrics WHERE metrics.run_uuid = runs.run_uuid) ORDER BY start_time, rowid",
                "SELECT key, value FROM params WHERE run_uuid = ?",
                "SELECT rowid, step, timestamp, key, value, is_nan FROM metrics WHERE run_uuid = ? AND rowid > ?"
                        + " ORDER BY rowid");

        /** Trackio counts its own calls; the training's step is among the values, if anywhere. */
        private static Tables trackio(String run) {
            // The plus keeps SQLite from sorting all of a run for each page.
            return new Tables(
                    LogFormat.TRACKIO,
                    "_step",
                    "SELECT " + run + ", run_name FROM metrics GROUP BY " + run + " ORDER BY min(id)",
                    "SELECT j.key, j.atom FROM configs, json_tree(CAST(config AS TEXT)) j WHERE " + run
                            + " = ? AND json_valid(CAST(config AS TEXT)) AND j.type = 'integer'",
                    "SELECT id, step, timestamp, NULL, CAST(metrics AS TEXT) FROM metrics WHERE +" + run
                            + " = ? AND id > ? AND length(metrics) < " + PAGE + " ORDER BY id");
        }
    }

    private RunDatabase(Path file, Tables tables) {
        this.file = file;
        this.tables = tables;
    }

    /**
     * {@return whether a file is a SQLite database}
     *
     * @param file any file
     * @throws IOException if it cannot be read
     */
    public static boolean isOne(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        }
    }

    /**
     * {@return the database in a file}
     *
     * @param file for which {@link #isOne} holds
     * @throws IOException if it cannot be read, or is neither MLflow's nor Trackio's
     */
    public static RunDatabase of(Path file) throws IOException {
        try (Connection connection = connect(file)) {
            Set<String> columns = columns(connection, "metrics");
            Set<String> rest = columns(connection, "runs");
            if (columns.containsAll(Set.of("key", "value", "timestamp", "run_uuid", "step", "is_nan"))
                    && rest.containsAll(Set.of("run_uuid", "name", "start_time", "lifecycle_stage"))) {
                return new RunDatabase(file, Tables.MLFLOW);
            }
            if (columns.containsAll(Set.of("id", "timestamp", "run_name", "step", "metrics"))) {
                return new RunDatabase(file, Tables.trackio(columns.contains("run_id") ? "run_id" : "run_name"));
            }
            throw new IOException("it is a SQLite database, but neither MLflow's nor Trackio's");
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static Set<String> columns(Connection connection, String table) throws SQLException {
        Set<String> names = new HashSet<>();
        // A view could be anything; it is no table of theirs.
        try (PreparedStatement ask = connection.prepareStatement("SELECT c.name FROM sqlite_master t,"
                + " pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name = ?")) {
            ask.setString(1, table);
            try (ResultSet found = ask.executeQuery()) {
                while (found.next()) {
                    names.add(found.getString(1));
                }
            }
        }
        return names;
    }

    /**
     * Without a lock where nobody writes: a database with a write-ahead log that is empty would get one from each reader.
     */
    private static Connection connect(Path file) throws IOException, SQLException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(READ_VERSION + 1);
        }
        Path ahead = file.resolveSibling(file.getFileName() + "-wal");
        boolean alone = head.length > READ_VERSION
                && head[READ_VERSION] == 2
                && !(Files.exists(ahead) && Files.size(ahead) > 0);
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(PATIENCE_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file.toUri() + "?mode=ro" + (alone ? "&immutable=1" : ""));
    }

    private static IOException failure(SQLException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof NativeLibraryNotFoundException) {
            return new IOException(
                    "SQLite's library cannot be unpacked into " + System.getProperty("java.io.tmpdir")
                            + " or is not made for this machine; JAVA_TOOL_OPTIONS=-Dorg.sqlite.tmpdir=DIR names another"
                            + " folder",
                    e);
        }
        return new IOException(String.valueOf(cause.getMessage()), e);
    }

    /**
     * {@return the runs that have logged something and were not deleted, in the order in which they began}
     *
     * @throws IOException if it cannot be read
     */
    public List<Run> runs() throws IOException {
        List<Run> runs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        try (Connection connection = connect(file);
                PreparedStatement ask = connection.prepareStatement(tables.runs);
                ResultSet found = ask.executeQuery()) {
            while (found.next() && runs.size() < MOST_RUNS) {
                String id = String.valueOf(found.getString(1));
                String name = found.getString(2);
                String shown = name == null || name.isBlank() ? id : name;
                runs.add(new Run(
                        id, names.add(shown) ? shown : shown + "-" + id.substring(0, Math.min(ID_SHOWN, id.length()))));
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        return runs;
    }

    /** Whether to wait for more. */
    public interface More {
        /**
         * {@return whether to look again, after a while}
         *
         * @throws IOException if the stream has ended
         */
        boolean comes() throws IOException;
    }

    /** The rows of a run as lines; what stands at one step, each name once, is one object. */
    private final class Rows extends FilterInputStream {
        private final String run;
        private final More atItsEnd;
        private final Roles roles = Roles.ofNames(Map.of());
        private final boolean numbered;
        private final StringBuilder text = new StringBuilder();
        private long last = -1;
        private int failures;

        // The object that is being made.
        private final Set<String> names = new HashSet<>();
        private long step;

        Rows(String run, More atItsEnd) throws IOException {
            super(InputStream.nullInputStream());
            this.run = run;
            this.atItsEnd = atItsEnd;
            try (Connection connection = connect(file)) {
                this.numbered = facts(connection);
            } catch (SQLException e) {
                throw failure(e);
            }
        }

        /** {@return whether steps are numbered: MLflow's are 0 where nobody said which} */
        private boolean facts(Connection connection) throws SQLException {
            if (tables.format == LogFormat.MLFLOW
                    || !columns(connection, "configs").isEmpty()) {
                try (PreparedStatement ask = asked(connection, tables.facts);
                        ResultSet found = ask.executeQuery()) {
                    while (found.next()) {
                        fact(String.valueOf(found.getString(1)), String.valueOf(found.getString(2)));
                    }
                }
            }
            if (tables.format != LogFormat.MLFLOW) {
                return true;
            }
            try (PreparedStatement ask = asked(
                            connection,
                            "SELECT max(step) > 0 OR max(rowid) = min(rowid) FROM metrics WHERE run_uuid = ?");
                    ResultSet found = ask.executeQuery()) {
                return found.next() && found.getBoolean(1);
            }
        }

        private PreparedStatement asked(Connection connection, String sql) throws SQLException {
            PreparedStatement ask = connection.prepareStatement(sql);
            ask.setString(1, run);
            return ask;
        }

        private void fact(String name, String value) {
            Role role = roles.likely(name);
            if (role != null && role.isFact() && value.matches("\\d{1,15}")) {
                text.append('{').append(JsonLinesLog.key(name)).append(value).append("}\n");
            }
        }

        private boolean fill() throws IOException, SQLException {
            // A connection that stays open would not see what comes, see connect.
            try (Connection connection = connect(file);
                    PreparedStatement ask = asked(connection, tables.rows)) {
                ask.setLong(2, last);
                try (ResultSet row = ask.executeQuery()) {
                    while (text.length() < PAGE && row.next()) {
                        row(row);
                        last = row.getLong(1);
                    }
                    if (text.length() < PAGE) {
                        closeObject();
                    }
                }
            }
            in = new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
            text.setLength(0);
            return in.available() > 0;
        }

        private void row(ResultSet row) throws SQLException {
            String name = row.getString(4);
            if (row.getLong(2) != step || name == null || names.contains(name)) {
                closeObject();
            }
            if (names.isEmpty()) {
                begin(row.getLong(2), row.getString(3));
            }
            names.add(name == null ? "" : name);
            text.append(',');
            if (name == null) {
                members(row.getString(5));
            } else {
                double value = row.getDouble(5);
                // Infinity is kept as the largest number.
                double told = Math.abs(value) == Double.MAX_VALUE ? 2 * value : value;
                text.append(JsonLinesLog.key(name)).append(row.getBoolean(6) ? Double.NaN : told);
            }
        }

        private void begin(long atStep, @Nullable String time) {
            step = atStep;
            text.append("{\"timestamp\":\"").append(time).append('"');
            if (numbered) {
                text.append(",\"").append(tables.step).append("\":").append(step);
            }
        }

        /** What stands within the braces of an object; its writer has put it on one line. */
        private void members(@Nullable String object) {
            String all = object == null ? "" : object.strip();
            boolean any = all.startsWith("{") && all.endsWith("}") && all.length() > 2;
            text.append(any ? all.substring(1, all.length() - 1).replace('\n', ' ') : "\"nothing\":0");
        }

        private void closeObject() {
            if (!names.isEmpty()) {
                text.append("}\n");
                names.clear();
            }
        }

        @Override
        public int read() throws IOException {
            return comes() ? in.read() : -1;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return comes() ? in.read(bytes, from, length) : -1;
        }

        private boolean comes() throws IOException {
            while (in.available() == 0) {
                try {
                    boolean more = fill();
                    failures = 0;
                    if (!more && !atItsEnd.comes()) {
                        return false;
                    }
                } catch (SQLException e) {
                    // Its writer may hold it for a while, or be about to make it anew.
                    failures++;
                    if (failures > MOST_FAILURES || !atItsEnd.comes()) {
                        throw failure(e);
                    }
                }
            }
            return true;
        }
    }
}
