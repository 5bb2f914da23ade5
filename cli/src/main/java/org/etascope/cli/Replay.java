package org.etascope.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.etascope.logs.LogFormat;
import org.etascope.logs.LogStreams;
import org.etascope.logs.LossPoint;
import org.etascope.logs.LossSink;
import org.etascope.logs.OpenLog;
import org.etascope.logs.Role;
import org.etascope.logs.RunDatabase;
import org.etascope.recording.Format;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log from its beginning to its end into the runs that are in it, mostly one. Where its steps go back it is read
 * once more, so that points which came again count once.
 */
final class Replay {
    /** Of the mode of a file, as stat(2) has it. */
    private static final int FILE_TYPE = 0xF000;

    private static final int PIPE = 0x1000;

    private final String file;
    private final StreamOptions options;
    private final Terminal terminal;
    private final Times times;
    private long startMillis;
    private final List<ReplayedRun> runs = new ArrayList<>();
    private @Nullable LogFormat format;
    private RunDatabase.@Nullable Run part;
    private String name;

    /** A file to be replayed, - for standard input; {@code times} are those of a log that has none. */
    Replay(String file, StreamOptions options, Terminal terminal, Times times) {
        this.file = file;
        this.options = options;
        this.terminal = terminal;
        this.times = times;
        this.name = options.runName(file);
    }

    /**
     * The times of a log that has none.
     *
     * @param stepSeconds duration of a step
     * @param endMillis when the log's last point was, -1 if nobody asks
     * @param keepsMoments whether moments at even times are to be kept
     */
    record Times(double stepSeconds, long endMillis, boolean keepsMoments) {
        /** Nobody asks for any. */
        static final Times NONE = new Times(1, -1, false);
    }

    /** {@return the runs of the log, at least one, in order} */
    List<ReplayedRun> read(InputStream standardInput) throws IOException {
        Path given = file.equals("-") ? null : existing();
        Path path = given == null ? copied(standardInput) : isPipe(given) ? copied(given) : given;
        List<ReplayedRun> all = new ArrayList<>();
        try {
            if (!RunDatabase.isOne(path)) {
                all.addAll(readWithTimes(path));
            } else {
                for (RunDatabase.Run run : options.chosen(RunDatabase.of(path).runs(), file)) {
                    part = run;
                    name = run.name();
                    all.addAll(readWithTimes(path));
                }
            }
        } catch (NoSuchFileException e) {
            throw Failure.failed(file + " does not exist.");
        } catch (IOException e) {
            throw Failure.failed(file + " cannot be read: " + Failure.reason(e));
        } finally {
            if (!path.equals(given)) {
                Files.deleteIfExists(path);
            }
        }
        all.removeIf(run -> run.feed().monitor() == null);
        if (all.isEmpty()) {
            throw nothingFound();
        }
        return all;
    }

    private List<ReplayedRun> readWithTimes(Path path) throws IOException {
        startMillis = 0;
        readAll(path);
        LogTime last = runs.get(runs.size() - 1).time();
        if (times.endMillis >= 0 && !last.absolute()) {
            // How long the log takes is known only now.
            startMillis = times.endMillis - last.getAsLong();
            readAll(path);
        }
        return runs;
    }

    private void readAll(Path path) throws IOException {
        runs.clear();
        try {
            readOnce(path, new Runs(null));
        } catch (StepsGoBackException e) {
            Restarts restarts = new Restarts(options.series);
            runs.clear();
            readOnce(path, restarts);
            restarts.again();
            readOnce(path, new Runs(restarts));
        }
    }

    /** {@return the format it was read as} */
    String format() {
        return format == null ? "" : format.label();
    }

    /** What comes once, as from a process substitution: a log may have to be read twice. */
    private static boolean isPipe(Path path) throws IOException {
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            return false;
        }
        boolean pipe = path.getFileSystem().supportedFileAttributeViews().contains("unix")
                && ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == PIPE;
        if (!pipe) {
            throw Failure.failed(path + " is neither a file nor a pipe.");
        }
        return true;
    }

    private static Path copied(Path pipe) throws IOException {
        try (InputStream in = new FileInputStream(pipe.toFile())) {
            return copied(in);
        }
    }

    private static Path copied(InputStream in) throws IOException {
        Path copy = Files.createTempFile("etascope-stdin", ".log");
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    private Path existing() {
        try {
            Path path = Path.of(file);
            if (!Files.exists(path)) {
                throw Failure.failed(file + " does not exist.");
            }
            if (Files.isDirectory(path) && eventFiles(path).isEmpty()) {
                throw Failure.failed(file + " is a directory without TensorBoard's event files; name the log in it.");
            }
            return path;
        } catch (IOException | InvalidPathException e) {
            throw Failure.failed(file + " cannot be read: " + Failure.reason(e));
        }
    }

    /** {@return TensorBoard's event files of a run, in the order of their beginnings, which their names tell} */
    private static List<Path> eventFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> String.valueOf(path.getFileName()).contains(".tfevents."))
                    .sorted()
                    .toList();
        }
    }

    private InputStream open(Path path) throws IOException {
        if (part != null) {
            return part.open(() -> false);
        }
        if (!Files.isDirectory(path)) {
            return Files.newInputStream(path);
        }
        List<InputStream> all = new ArrayList<>();
        for (Path part : eventFiles(path)) {
            all.add(Files.newInputStream(part));
        }
        return new SequenceInputStream(Collections.enumeration(all));
    }

    private void readOnce(Path path, LossSink sink) throws IOException {
        try (InputStream raw = open(path);
                ProgressBar counted = new ProgressBar(raw, path, terminal)) {
            OpenLog.Wish wish = part == null ? options.wish() : options.wish().as(part.format());
            OpenLog log = OpenLog.of(LogStreams.open(counted), wish);
            if (log == null) {
                throw unknown(path);
            }
            format = log.format();
            runs.forEach(run -> run.feed().format(log.format().label()));
            read(log, sink);
        }
    }

    private void read(OpenLog log, LossSink sink) throws IOException {
        try {
            log.read(sink);
            runs.forEach(run -> run.feed().finish());
        } catch (Failure e) {
            boolean nothing = runs.stream().allMatch(run -> run.feed().points() == 0);
            String hint = nothing ? hint(log.format()) : "";
            throw hint.isEmpty() ? e : Failure.failed(e.getMessage() + hint);
        }
    }

    private Failure unknown(Path path) throws IOException {
        return Failure.failed(
                Files.isRegularFile(path) && Files.size(path) == 0
                        ? file + " is empty."
                        : file + ": no format was recognised. Name one with --format (" + LogFormat.labels()
                                + "), columns or keys with --map, or lines with --pattern." + likeliest(path));
    }

    private String likeliest(Path path) throws IOException {
        try (InputStream in = LogStreams.open(open(path))) {
            List<String> lines = OpenLog.likeliestLines(in);
            return lines.isEmpty()
                    ? ""
                    : " Such as --pattern 'step (?<step>\\d+).*?loss (?<loss>\\S+)'; the likeliest lines: "
                            + String.join(" | ", lines);
        }
    }

    /** {@return the failure of a log that holds no point, and what may be done about it} */
    private Failure nothingFound() throws IOException {
        RunFeed feed = runs.get(0).feed();
        return Failure.failed(file + ": no "
                + (options.series == StreamOptions.Series.TRAIN ? "training" : "validation") + " loss found (format "
                + format() + ", " + Format.whole(feed.textLines()) + " lines or records without one)."
                + (feed.validations() > 0 ? " It has validation losses: --series validation." : hint(format)));
    }

    private String hint(@Nullable LogFormat used) throws IOException {
        if (part != null) {
            return " --map loss=NAME says which of its values is one." + likeliest(Path.of(file));
        }
        LogFormat other = look();
        return other == null || other == used
                ? file.equals("-") ? "" : likeliest(Path.of(file))
                : " It looks like " + other.label() + ": --format " + other.label();
    }

    private @Nullable LogFormat look() {
        if (file.equals("-")) {
            return null;
        }
        try (InputStream in = open(Path.of(file))) {
            OpenLog log = OpenLog.of(LogStreams.open(in), new OpenLog.Wish(null, options.names(), null));
            return log == null ? null : log.format();
        } catch (IOException e) {
            return null;
        }
    }

    /** The log is to be read from its beginning again, for it has restarts in it. */
    private static final class StepsGoBackException extends RuntimeException {
        private static final long serialVersionUID = 1;

        StepsGoBackException() {
            super("steps go back", null, false, false);
        }
    }

    /** Gives each point to the run it belongs to. */
    private final class Runs implements LossSink {
        private final @Nullable Restarts restarts;
        private long lastStep = -1;

        Runs(@Nullable Restarts restarts) {
            this.restarts = restarts;
            begin();
        }

        private void begin() {
            LogTime time = new LogTime(times.stepSeconds, startMillis);
            String number = runs.isEmpty() ? "" : "-" + (runs.size() + 1);
            RunFeed feed = new RunFeed(options, file, name + number, time, monitor -> {});
            if (!runs.isEmpty()) {
                current().feed().facts().forEach(feed::fact);
            }
            feed.format(format());
            runs.add(new ReplayedRun(feed, time, times.keepsMoments ? new Moments() : null));
        }

        private ReplayedRun current() {
            return runs.get(runs.size() - 1);
        }

        @Override
        public void point(LossPoint point) {
            boolean counts = options.series.isIn(point);
            if (restarts == null) {
                if (counts && point.step >= 0 && point.step < lastStep) {
                    throw new StepsGoBackException();
                }
                lastStep = counts && point.step >= 0 ? point.step : lastStep;
                current().point(point);
                return;
            }
            switch (restarts.next()) {
                case RUN -> begin();
                case SEGMENT -> current().feed().beginSegment();
                default -> {
                    // It goes on.
                }
            }
            if (restarts.keeps(point)) {
                current().point(point);
            }
        }

        @Override
        public void text(long count) {
            current().feed().text(count);
        }

        @Override
        public void unreadable(String where, String problem) {
            current().feed().unreadable(where, problem);
        }

        @Override
        public void fact(Role role, double value) {
            current().feed().fact(role, value);
        }

        @Override
        public void note(String sentence) {
            current().feed().note(sentence);
        }
    }
}
