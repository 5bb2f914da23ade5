package org.etascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.etascope.logs.LogFormat;
import org.etascope.logs.LogStreams;
import org.etascope.logs.LossSink;
import org.etascope.logs.OpenLog;
import org.etascope.recording.Format;
import org.jspecify.annotations.Nullable;

/** Reads one log from its beginning to its end into a feed. */
final class LogSource {
    private final String file;
    private final StreamOptions options;

    LogSource(String file, StreamOptions options) {
        this.file = file;
        this.options = options;
    }

    /** Opens the file, or standard input for "-". */
    InputStream open(InputStream standardInput) {
        if (file.equals("-")) {
            return standardInput;
        }
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                throw Failure.failed(file + " is a directory; name the log in it.");
            }
            return Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw Failure.failed(file + " does not exist.");
        } catch (IOException | InvalidPathException e) {
            throw Failure.failed(file + " cannot be read: " + Failure.reason(e));
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param feed where the points end
     * @param sink the feed, or what stands before it
     * @return the format it was read as
     */
    LogFormat read(InputStream raw, RunFeed feed, LossSink sink) {
        try {
            OpenLog log = OpenLog.of(LogStreams.open(raw), options.wish());
            if (log == null) {
                throw unknown();
            }
            feed.format(log.format().label());
            read(log, feed, sink);
            return log.format();
        } catch (IOException e) {
            throw Failure.failed(file + " cannot be read: " + Failure.reason(e));
        }
    }

    private void read(OpenLog log, RunFeed feed, LossSink sink) throws IOException {
        try {
            log.read(sink);
            feed.finish();
        } catch (Failure e) {
            String hint = feed.points() == 0 ? hint(log.format()) : "";
            throw hint.isEmpty() ? e : Failure.failed(e.getMessage() + hint);
        }
    }

    private Failure unknown() {
        Path path = Path.of(file);
        boolean empty = !file.equals("-") && sizeOf(path) == 0;
        return Failure.failed(
                empty
                        ? file + " is empty."
                        : file + ": no format was recognised. Name one with --format (" + LogFormat.labels()
                                + "), and columns or keys with --map.");
    }

    private static long sizeOf(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return -1;
        }
    }

    /** {@return the failure of a log that holds no point, and what may be done about it} */
    Failure nothingFound(RunFeed feed, LogFormat format) {
        boolean onlyValidation = feed.validations() > 0;
        return Failure.failed(file + ": no "
                + (options.series == StreamOptions.Series.TRAIN ? "training" : "validation") + " loss found (format "
                + format.label() + ", " + Format.whole(feed.textLines()) + " lines or records without one)."
                + (onlyValidation ? " It has validation losses: --series validation." : hint(format)));
    }

    private String hint(LogFormat used) {
        LogFormat other = look();
        return other == null || other == used ? "" : " It looks like " + other.label() + ": --format " + other.label();
    }

    private @Nullable LogFormat look() {
        if (file.equals("-")) {
            return null;
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            OpenLog log = OpenLog.of(LogStreams.open(in), new OpenLog.Wish(null, options.names(), null));
            return log == null ? null : log.format();
        } catch (IOException e) {
            return null;
        }
    }
}
