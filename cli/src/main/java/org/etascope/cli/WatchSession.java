package org.etascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.logs.LogFormat;
import org.etascope.logs.LogStreams;
import org.etascope.logs.LossPoint;
import org.etascope.logs.LossSink;
import org.etascope.logs.OpenLog;
import org.etascope.logs.Role;
import org.etascope.logs.RunDatabase;
import org.etascope.recording.JournalWriter;
import org.etascope.recording.LiveDisplay;
import org.etascope.recording.RunFiles;
import org.etascope.recording.SummaryTable;
import org.jspecify.annotations.Nullable;

/**
 * One followed log, from the first look to the summary. The reading thread brings the points; the end may come from
 * another one (Ctrl-C), so both hold the session's lock.
 */
final class WatchSession implements LossSink {
    private static final long SAVE_NANOS = 5_000_000_000L;
    private static final long HINT_NANOS = 10_000_000_000L;
    /** A log whose plan is met may still have a validation to say. */
    private static final long AFTER_PLAN_NANOS = 30_000_000_000L;

    private final String file;
    private final String name;
    private final StreamOptions options;
    private final @Nullable Path state;
    private final Terminal terminal;
    private final Consumer<RunMonitor> atStart;
    private final RunClock clock = RunClock.live();
    private RunFeed feed;
    private Rewind rewind = new Rewind();
    private int run = 1;
    private final @Nullable FollowedFile followed;
    private @Nullable LiveDisplay display;
    private @Nullable LogFormat format;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private long savedAtNanos;
    private long lastNanos;
    private long endAfterNanos;
    private @Nullable JournalWriter journal;
    private boolean hinted;
    private boolean told;
    private boolean unreadableTold;
    private boolean saveFailureTold;
    private long endedAtStep = -1;
    private boolean ended;
    private boolean failed;

    /** A file to be followed, - for standard input; {@code part} is the run in it where it is a database. */
    WatchSession(
            String file,
            RunDatabase.@Nullable Run part,
            String name,
            StreamOptions options,
            @Nullable Path state,
            long endAfterNanos,
            LongSupplier nanoTime,
            Consumer<RunMonitor> register,
            Terminal terminal) {
        this.file = file;
        this.name = name;
        this.options = options;
        this.state = state;
        this.endAfterNanos = endAfterNanos;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.savedAtNanos = startNanos;
        this.lastNanos = startNanos;
        this.terminal = terminal;
        this.atStart = monitor -> {
            register.accept(monitor);
            sayHowItIsRead();
            display = LiveDisplay.start(terminal.screen(), monitor, null);
            journal = state == null
                    ? null
                    : JournalWriter.start(monitor, run == 1 ? state : RunFiles.directory(state, monitor.name()));
        };
        this.feed = new RunFeed(options, file, name, clock, atStart);
        this.followed = file.equals("-") ? null : new FollowedFile(Path.of(file), part);
        this.format = part == null ? options.format() : part.format();
    }

    String name() {
        return name;
    }

    /**
     * Ends the run if its log has said nothing for so long, or for half a minute where its plan is met. A log that goes on
     * all the same was only slow: so does its run, and from then on it has twice as long.
     *
     * @return whether the run has ended
     */
    synchronized boolean endIfSilent() {
        long silent = silentNanos();
        boolean forLong = silent >= endAfterNanos;
        if (forLong && !failed) {
            takeWhatIsHeldBack();
        }
        RunMonitor monitor = feed.monitor();
        if (monitor == null || monitor.closed()) {
            return monitor != null;
        }
        long steps = monitor.snapshot().progress().steps();
        boolean done = RunFeed.planIsMet(monitor);
        if (!forLong && !(done && silent >= AFTER_PLAN_NANOS && (endedAtStep < 0 || steps == endedAtStep))) {
            return false;
        }
        endRun();
        endedAtStep = steps;
        endAfterNanos *= forLong ? 2 : 1;
        terminal.print(name + (done ? " has finished, its planned steps are done" : " has ended") + ": nothing new for "
                + Duration.ofNanos(silent).toSeconds() + " s. If the log goes on, so does the run.");
        terminal.out().flush();
        return true;
    }

    /** {@return how long the log has said nothing, text without losses included} */
    synchronized long silentNanos() {
        return nanoTime.getAsLong() - lastNanos;
    }

    private void takeWhatIsHeldBack() {
        try {
            feed.finish();
        } catch (Failure e) {
            failed = true;
            throw e;
        }
    }

    /** The log has no more to say: state, last look, and the run's end. */
    private synchronized void endRun() {
        if (display != null) {
            display.close();
        }
        RunMonitor monitor = feed.monitor();
        if (monitor != null) {
            if (hasBegun(monitor.snapshot())) {
                save(monitor);
            }
            RunFeed.end(monitor);
        }
        if (journal != null) {
            journal.close();
        }
    }

    /** Says once, where no loss has come for a while, what could be wrong: many a training takes its time to begin. */
    synchronized void hint() {
        if (!hinted && feed.monitor() == null && nanoTime.getAsLong() - startNanos >= HINT_NANOS) {
            hinted = true;
            boolean missing = followed != null && !Files.exists(Path.of(file));
            terminal.print(name
                    + (missing
                            ? ": no loss so far, " + file + " does not exist yet"
                            : ": no loss so far; if the log has some already, name its format with --format, or"
                                    + " its columns or keys with --map"));
        }
    }

    /** {@return whether there is anything to show: zeros would be an invention} */
    private static boolean hasBegun(RunSnapshot now) {
        return now.progress().points() + now.progress().nonFiniteSteps() > 0;
    }

    /** Reads until the stream ends; a file's never does by itself. */
    void run(InputStream standardInput, @Nullable WatchState stored) throws IOException {
        FollowedFile source = followed;
        try {
            if (stored != null) {
                resume(stored);
            }
            if (source == null) {
                read(LogStreams.open(standardInput));
                endRun();
            } else {
                follow(source, stored);
            }
        } catch (FollowedFile.Ended e) {
            // Asked for.
        } catch (Failure e) {
            synchronized (this) {
                failed = true;
            }
            throw e;
        }
    }

    private void resume(WatchState stored) {
        RunMonitor monitor =
                options.builder(name, 1, clock, file, LogFacts.NONE).build();
        monitor.restore(stored.run());
        feed.resume(monitor, stored.position());
        atStart.accept(monitor);
    }

    private void follow(FollowedFile source, @Nullable WatchState stored) throws IOException {
        InputStream raw = source.open();
        if (stored != null && stored.isOf(Path.of(file))) {
            feed.nextFile(stored.taken());
        }
        while (true) {
            try (InputStream in = raw) {
                read(LogStreams.open(in));
            } catch (FollowedFile.Ended e) {
                if (source.stopped()) {
                    throw e;
                }
            }
            raw = source.open();
            synchronized (this) {
                feed.nextFile(format != null && format.isRewritten() ? feed.taken() : 0);
                rewind.newFile();
            }
        }
    }

    private void read(InputStream stream) throws IOException {
        OpenLog log = OpenLog.of(
                stream, format == null ? options.wish() : options.wish().as(format));
        if (log == null) {
            throw Failure.failed(file + ": no format was recognised. Name one with --format (" + LogFormat.labels()
                    + "), and columns or keys with --map.");
        }
        format = log.format();
        if (format.isRewritten() && followed != null) {
            followed.endsAreEnds();
        }
        feed.format(format.label());
        log.read(this);
        synchronized (this) {
            feed.finish();
        }
    }

    /** Ends the session: state, last look, summary. Any thread, once. */
    synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (followed != null) {
            followed.stop();
        }
        endRun();
        RunMonitor monitor = feed.monitor();
        if (monitor == null || !hasBegun(monitor.snapshot())) {
            if (!failed) {
                terminal.print(name + ": no loss has come" + (format == null ? ", and no format was recognised" : ""));
            }
        } else {
            terminal.print("");
            terminal.print("run " + monitor.name());
            feed.notes().forEach(note -> terminal.print("  " + note));
            terminal.print(
                    SummaryTable.of(monitor.snapshot()).baseline().model().fact("log", log(monitor)));
        }
        terminal.out().flush();
    }

    private String log(RunMonitor monitor) {
        return (format == null ? "" : format.label() + ", ")
                + Terminal.count(monitor.snapshot().progress().points(), "point") + ", "
                + Terminal.count(feed.textLines(), "line") + " of text" + (state == null ? "" : ", state in " + state);
    }

    private void take(LossPoint point) {
        if (feed.passesOver()) {
            feed.point(point);
            return;
        }
        switch (rewind.turn(point, feed, options.series.isIn(point), this::say)) {
            case DROP -> {
                feed.passOver();
                return;
            }
            case NEW_RUN -> beginRun(point);
            default -> {
                // It goes on.
            }
        }
        feed.point(point);
        rewind.taken(point, feed, clock.getAsLong());
    }

    /** The log begins again: the run before has ended. */
    private void beginRun(LossPoint point) {
        endRun();
        run++;
        String next = name + "-" + run;
        say("the log begins again, at step " + point.step + " with a loss near the baseline: from here on it is run "
                + next);
        feed = feed.next(next);
        rewind = new Rewind();
    }

    /** What was understood, before anything is concluded from it. */
    private void sayHowItIsRead() {
        if (format != null && !told) {
            told = true;
            say("read as " + format.label());
            feed.notes().forEach(this::say);
        }
    }

    private void say(String sentence) {
        terminal.print(name + ": " + sentence);
    }

    /** A full disk must not end the watching. */
    private void save(RunMonitor monitor) {
        // A later run of the log is read again from its beginning.
        if (state == null || run > 1) {
            return;
        }
        savedAtNanos = nanoTime.getAsLong();
        try {
            WatchState.of(monitor.state(), feed, Path.of(file)).write(WatchState.in(state));
        } catch (IOException e) {
            monitor.countError();
            if (!saveFailureTold) {
                saveFailureTold = true;
                terminal.complain("the state cannot be kept in " + state + ": " + Failure.reason(e));
            }
        }
    }

    // ---- what the log tells, under the session's lock ----

    @Override
    public synchronized void point(LossPoint point) {
        if (!ended) {
            lastNanos = nanoTime.getAsLong();
            take(point);
            RunMonitor monitor = feed.monitor();
            if (monitor != null && lastNanos - savedAtNanos >= SAVE_NANOS) {
                save(monitor);
            }
        }
    }

    @Override
    public synchronized void fact(Role role, double value) {
        feed.fact(role, value);
    }

    @Override
    public synchronized void note(String sentence) {
        feed.note(sentence);
    }

    @Override
    public synchronized void text(long count) {
        lastNanos = nanoTime.getAsLong();
        feed.text(count);
    }

    @Override
    public synchronized void unreadable(String where, String problem) {
        lastNanos = nanoTime.getAsLong();
        feed.unreadable(where, problem);
        if (!unreadableTold) {
            unreadableTold = true;
            terminal.complain(file + where + ": " + problem + ". It is skipped, and so are others like it.");
        }
    }
}
