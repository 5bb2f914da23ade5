package org.etascope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.etascope.core.RunMonitor;
import org.etascope.logs.LogStreams;
import org.etascope.logs.OpenLog;
import org.etascope.logs.RunDatabase;
import org.etascope.recording.RunFiles;
import org.jspecify.annotations.Nullable;

/** The logs that {@code watch} follows, each in a thread of its own; in a folder, those that come as well. */
final class WatchedLogs {
    private static final int DEPTH = 3;
    private static final int MOST_LOGS = 200;
    private static final long RESCAN_SECONDS = 2;
    private static final Pattern DATABASE = Pattern.compile("\\.(db|sqlite3?)$");

    private final StreamOptions options;
    private final @Nullable Path state;
    private final Until until;
    private final long endAfterNanos;
    private final Terminal terminal;
    private final Consumer<RunMonitor> register;
    private final Map<String, WatchSession> sessions = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> databases = new HashSet<>();
    private final Set<String> passedOver = new HashSet<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private boolean single;
    private volatile @Nullable Failure failure;

    WatchedLogs(
            StreamOptions options,
            @Nullable Path state,
            Until until,
            long endAfterNanos,
            Terminal terminal,
            Consumer<RunMonitor> register) {
        this.options = options;
        this.state = state;
        this.until = until;
        this.endAfterNanos = endAfterNanos;
        this.terminal = terminal;
        this.register = register;
        until.whenMet(this::end);
    }

    /** Follows them until all have ended, something waited for is met, or {@link #end}. */
    void follow(List<String> files, InputStream standardInput) throws IOException {
        List<Path> folders = files.stream()
                .filter(file -> !file.equals("-"))
                .map(Path::of)
                .filter(path -> Files.isDirectory(path) || isDatabase(path))
                .toList();
        single = files.size() == 1 && folders.isEmpty();
        for (String file : files) {
            if (file.equals("-") || !folders.contains(Path.of(file))) {
                begin(file, null, options.runName(file), standardInput);
            }
        }
        while (true) {
            for (Path folder : folders) {
                if (Files.isDirectory(folder)) {
                    look(folder);
                } else {
                    lookInto(folder);
                }
            }
            boolean over = folders.isEmpty() && threads.stream().noneMatch(Thread::isAlive);
            try {
                if (over || stop.await(folders.isEmpty() ? 1 : RESCAN_SECONDS, TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            sessions.values().forEach(session -> {
                session.hint();
                try {
                    if (session.endIfSilent()) {
                        until.ended(session.name());
                    }
                } catch (Failure e) {
                    fail(session, e);
                }
            });
        }
        end();
        Failure first = failure;
        if (first != null && single && !until.isMet()) {
            throw first;
        }
    }

    private void begin(String file, RunDatabase.@Nullable Run part, String wanted, InputStream standardInput)
            throws IOException {
        String name = names.add(wanted) ? wanted : wanted + "-" + (sessions.size() + 1);
        Path kept = state == null || single ? state : RunFiles.directory(state, name);
        WatchState stored = WatchState.stored(kept, name);
        Terminal shown = single ? terminal : terminal.plain();
        WatchSession session = new WatchSession(
                file,
                part,
                name,
                options,
                kept,
                endAfterNanos,
                System::nanoTime,
                monitor -> register(monitor, name),
                shown);
        sessions.put(part == null ? file : key(file, part), session);
        options.severalRuns = sessions.size() > 1;
        until.begins(name);
        Thread thread = new Thread(() -> run(session, standardInput, stored), "etascope-watch-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void register(RunMonitor monitor, String log) {
        until.begins(log);
        monitor.addObserver(until);
        register.accept(monitor);
    }

    private void run(WatchSession session, InputStream standardInput, @Nullable WatchState stored) {
        try {
            session.run(standardInput, stored);
            if (stop.getCount() > 0) {
                until.ended(session.name());
            }
        } catch (Failure e) {
            fail(session, e);
        } catch (IOException e) {
            fail(session, Failure.failed(session.name() + " cannot be read: " + Failure.reason(e)));
        }
    }

    private void fail(WatchSession session, Failure e) {
        if (failure == null) {
            failure = e;
        }
        if (!single || until.waitsForFailure()) {
            terminal.complain((single ? "" : session.name() + ": ") + e.getMessage());
        }
        until.failed(session.name());
    }

    /** Files that hold losses become runs. */
    private void look(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder, DEPTH)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(path -> !String.valueOf(path.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path path : files) {
            String file = path.toString();
            if (RunDatabase.isOne(path)) {
                lookInto(path);
            } else if (!sessions.containsKey(file) && sessions.size() < MOST_LOGS && holdsLosses(path)) {
                String below = folder.relativize(path).toString();
                String stem = options.runName(file);
                Path parent = folder.relativize(path).getParent();
                begin(
                        file,
                        null,
                        parent == null ? stem : below.substring(0, below.lastIndexOf(stem)) + stem,
                        InputStream.nullInputStream());
            }
        }
    }

    /** Of a database's runs those that begin from now on, and the last one that has: the others are done. */
    private void lookInto(Path database) throws IOException {
        List<RunDatabase.Run> runs;
        try {
            runs = RunDatabase.isOne(database) ? RunDatabase.of(database).runs() : List.of();
        } catch (IOException e) {
            // Whoever makes it may not be done; if none comes, the hint says so.
            return;
        }
        String file = database.toString();
        if (options.run != null) {
            runs = runs.stream()
                    .filter(run -> run.name().equals(options.run) || run.id().equals(options.run))
                    .toList();
        } else if (databases.add(file)) {
            runs.stream().limit(Math.max(0, runs.size() - 1)).forEach(run -> passedOver.add(key(file, run)));
        }
        for (RunDatabase.Run run : runs) {
            String key = key(file, run);
            if (!passedOver.contains(key) && !sessions.containsKey(key) && sessions.size() < MOST_LOGS) {
                begin(file, run, run.name(), InputStream.nullInputStream());
            }
        }
    }

    private static String key(String file, RunDatabase.Run run) {
        return file + " " + run.id();
    }

    /** {@return whether it is one, or will be by its name} */
    private static boolean isDatabase(Path path) {
        try {
            boolean toCome = !Files.exists(path) || (Files.isRegularFile(path) && Files.size(path) == 0);
            return toCome ? DATABASE.matcher(path.toString()).find() : RunDatabase.isOne(path);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean holdsLosses(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return OpenLog.of(LogStreams.open(in), options.wish()) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends all of them. Any thread, once is enough. */
    void end() {
        stop.countDown();
        sessions.values().forEach(WatchSession::end);
    }
}
