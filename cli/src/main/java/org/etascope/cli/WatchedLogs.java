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
import java.util.stream.Stream;
import org.etascope.core.RunMonitor;
import org.etascope.logs.LogStreams;
import org.etascope.logs.OpenLog;
import org.etascope.recording.RunFiles;
import org.jspecify.annotations.Nullable;

/** The logs that {@code watch} follows, each in a thread of its own; in a folder, those that come as well. */
final class WatchedLogs {
    private static final int DEPTH = 3;
    private static final int MOST_LOGS = 200;
    private static final long RESCAN_SECONDS = 2;

    private final StreamOptions options;
    private final @Nullable Path state;
    private final Until until;
    private final long endAfterNanos;
    private final Terminal terminal;
    private final java.util.function.Consumer<RunMonitor> register;
    private final Map<String, WatchSession> sessions = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable Failure failure;

    WatchedLogs(
            StreamOptions options,
            @Nullable Path state,
            Until until,
            long endAfterNanos,
            Terminal terminal,
            java.util.function.Consumer<RunMonitor> register) {
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
        boolean single = files.size() == 1 && !Files.isDirectory(Path.of(files.get(0)));
        List<Path> folders = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String file : files) {
            if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
                folders.add(Path.of(file));
            } else {
                String name = options.runName(file);
                begin(file, names.add(name) ? name : name + "-" + (sessions.size() + 1), single, standardInput);
            }
        }
        while (true) {
            for (Path folder : folders) {
                look(folder);
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

    private void begin(String file, String name, boolean single, InputStream standardInput) throws IOException {
        Path kept = state == null || single ? state : RunFiles.directory(state, name);
        WatchState stored = WatchState.stored(kept, name);
        Terminal shown = single ? terminal : terminal.plain();
        WatchSession session =
                new WatchSession(file, name, options, kept, endAfterNanos, System::nanoTime, this::register, shown);
        sessions.put(file, session);
        options.severalRuns = sessions.size() > 1;
        until.begins(name);
        Thread thread = new Thread(() -> run(session, standardInput, stored), "etascope-watch-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void register(RunMonitor monitor) {
        until.begins(monitor.name());
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
        if (sessions.size() > 1 || until.waitsForFailure()) {
            terminal.complain(String.valueOf(e.getMessage()));
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
            if (!sessions.containsKey(file) && sessions.size() < MOST_LOGS && holdsLosses(path)) {
                String below = folder.relativize(path).toString();
                String stem = options.runName(file);
                Path parent = folder.relativize(path).getParent();
                begin(
                        file,
                        parent == null ? stem : below.substring(0, below.lastIndexOf(stem)) + stem,
                        false,
                        InputStream.nullInputStream());
            }
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
