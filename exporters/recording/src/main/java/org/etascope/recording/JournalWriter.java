package org.etascope.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.etascope.core.AtExit;
import org.etascope.core.Background;
import org.etascope.core.CurvePoint;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.core.WholeFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the journal of a run, {@code journal.jsonl}: what is needed to show it again when its process is gone.
 *
 * <pre>{@code
 * try (JournalWriter journal = JournalWriter.start(monitor, RunFiles.directory(Path.of("runs"), monitor.name()))) {
 *     net.fit(data, epochs);
 *     monitor.close();
 * }
 * }</pre>
 *
 * <p><b>Content.</b> JSON lines, each with a CRC-32C: every point of the binned curve, every bin of validation losses,
 * the residuals of the layers, every event, and whole moments (snapshots): one with each of these, one whenever the run's time has
 * grown by 1/64 (at least 10 s), one at the end. Lines are only appended. Each names its place in its list and replaces
 * what was there and behind, so that a run that goes back to an older checkpoint is written right. {@link Journal} reads
 * it.
 *
 * <p><b>Threads and cost.</b> The clock of all runs looks at the monitor once a second. Closed bins never change, so nothing is
 * lost between two looks. The training thread does nothing for it.
 *
 * <p><b>Durability.</b> A line is with the operating system within a second or so and survives the process. It is forced
 * to the device at an event, at the end, and otherwise every 30 s.
 *
 * <p><b>Size.</b> At most 1,400 points and 3,000 moments of about 2 KiB in a run without a break. Beyond 16 MiB, which
 * takes many resumes, the file is written anew with the present lists and the last moment.
 *
 * <p><b>Faults</b> (disk full, no permission, another process writes this journal): one warning, each failed try counted
 * with {@link RunMonitor#countError()}, tried again after pauses that grow to a minute. Nothing is thrown.
 *
 * <p><b>The end.</b> A process that ends, by a signal too, closes the run and writes its end. Where that is missing and
 * nobody writes the journal any more, the process was killed, and {@link Journal} reads the run as failed.
 *
 * <p><b>An earlier journal</b> in the directory is continued if it is of the same run, that is if the monitor was
 * restored and has its first point; otherwise it is kept under another name.
 */
public final class JournalWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final long FORCE_EVERY_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long MOST_BYTES = 16 << 20;
    private static final double SHORTEST_SECONDS_BETWEEN_MOMENTS = 10;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** The lock files that this JVM holds. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final RunMonitor monitor;
    private final long mostBytes;
    private final Path directory;
    private final Path file;
    private final Path lockFile;

    // All below belongs to the journal's lock: the clock's thread, or whoever closes it.
    private @Nullable Future<?> looks;
    private @Nullable AtExit atExit;
    private @Nullable FileChannel channel;
    private @Nullable FileChannel lock;
    /** The lists of the run as they stand in the file. */
    private final Map<JournalList<?>, List<? extends Record>> written = new HashMap<>();

    private int moments;
    private @Nullable RunSnapshot lastMoment;
    private boolean lineTorn;
    private boolean warned;
    private boolean ended;
    private long pauseNanos;
    private long pausedAt;
    private long forcedAt = System.nanoTime();
    private boolean unforced;

    JournalWriter(RunMonitor monitor, Path directory, long mostBytes) {
        this.monitor = monitor;
        this.mostBytes = mostBytes;
        this.directory = directory;
        this.file = directory.resolve(RunFiles.JOURNAL);
        this.lockFile = lockFile(file);
    }

    /**
     * Starts the journal of a run, after a {@link RunMonitor#restore} if there is one.
     *
     * @param monitor the run
     * @param directory its directory, see {@link RunFiles#directory}; made if it does not exist
     * @return the journal, to be closed after the run
     */
    public static JournalWriter start(RunMonitor monitor, Path directory) {
        JournalWriter journal = new JournalWriter(monitor, directory, MOST_BYTES);
        synchronized (journal) {
            Future<?> unused = Background.later(Duration.ZERO, journal::look);
            journal.looks = Background.every(LOOK_EVERY, journal::look);
            // Whoever reads it later sees that the process did not just vanish.
            journal.atExit = AtExit.run(() -> {
                monitor.close();
                journal.close();
            });
        }
        return journal;
    }

    private static Path lockFile(Path journal) {
        return journal.resolveSibling(RunFiles.JOURNAL + ".lock");
    }

    /** {@return the one path of a file whose folder may be reached by several} */
    private static Path oneName(Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            return absolute.resolveSibling("").toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            return absolute;
        }
    }

    /** {@return whether this process writes this journal} */
    static boolean writtenHere(Path journal) {
        return HELD.contains(oneName(lockFile(journal)));
    }

    /** {@return whether a process that is alive writes this journal} */
    static boolean writes(Path journal) {
        Path lock = lockFile(journal);
        if (writtenHere(journal)) {
            // Opening and closing a file that this process has locked would undo the lock on some systems.
            return true;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free == null;
        } catch (IOException | OverlappingFileLockException e) {
            // No such file, or not ours to ask: nobody is known to write.
            return false;
        }
    }

    /** {@return the file that is written} */
    public Path file() {
        return file;
    }

    /** Writes what is new, and the end if the run was closed. Called by itself every second. */
    synchronized void look() {
        if (ended || (pauseNanos > 0 && System.nanoTime() - pausedAt < pauseNanos)) {
            return;
        }
        try {
            writeNews();
            pauseNanos = 0;
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Exception e) {
        monitor.countError();
        if (!warned) {
            warned = true;
            LOG.warn("the journal {} cannot be written, training goes on without it: {}", file, e.toString());
        }
        pauseNanos = Math.min(LONGEST_PAUSE_NANOS, Math.max(LOOK_EVERY.toNanos(), 2 * pauseNanos));
        pausedAt = System.nanoTime();
    }

    private void writeNews() throws IOException {
        FileChannel out = channel == null ? open() : channel;
        if (out.size() > mostBytes) {
            writeAnew(Recording.of(monitor));
            out = open();
        }
        // The run may end at any time: asked before the curve, so that an end is written behind all of it.
        boolean over = monitor.closed();
        Recording run = Recording.of(monitor);
        boolean eventsNew = false;
        boolean momentWanted = over;
        for (JournalList<?> list : JournalList.ALL) {
            boolean anew = append(list, run);
            eventsNew |= anew && list.equals(JournalList.EVENT);
            momentWanted |= anew && !list.equals(JournalList.MARK);
        }
        RunSnapshot now = run.snapshot();
        if (momentWanted || momentIsDue(now)) {
            writeLine(JournalLine.MOMENT, moments, now);
            moments++;
            lastMoment = now;
        }
        long time = System.nanoTime();
        if (unforced && (over || eventsNew || time - forcedAt > FORCE_EVERY_NANOS)) {
            out.force(false);
            unforced = false;
            forcedAt = time;
        }
        if (over) {
            end();
        }
    }

    private void end() {
        ended = true;
        if (looks != null) {
            looks.cancel(false);
        }
        if (atExit != null) {
            atExit.close();
        }
        closeFile();
        try (FileChannel held = lock) {
            if (held != null) {
                Files.deleteIfExists(lockFile);
            }
        } catch (IOException e) {
            failed(e);
        }
        if (lock != null) {
            HELD.remove(oneName(lockFile));
        }
        lock = null;
    }

    private void closeFile() {
        try (FileChannel open = channel) {
            if (open != null) {
                open.force(false);
            }
        } catch (IOException e) {
            failed(e);
        }
        channel = null;
    }

    private boolean momentIsDue(RunSnapshot now) {
        RunSnapshot last = lastMoment;
        if (last == null || now.progress().steps() == last.progress().steps()) {
            return last == null;
        }
        double start = now.timeline().startSeconds();
        double elapsed = now.timeline().lastStepSeconds() - start;
        double before = Math.max(0, last.timeline().lastStepSeconds() - start);
        return elapsed - before >= Math.max(SHORTEST_SECONDS_BETWEEN_MOMENTS, before / 64);
    }

    /** Writes the entries from the first that is not in the file on; where a list grew shorter, that it ends there. */
    private <R extends Record> boolean append(JournalList<R> list, Recording run) throws IOException {
        List<R> now = list.of().apply(run);
        List<? extends Record> before = written.getOrDefault(list, List.of());
        int most = Math.min(before.size(), now.size());
        int same = 0;
        // Most are the very same objects, which costs little.
        while (same < most && before.get(same).equals(now.get(same))) {
            same++;
        }
        boolean shorter = same < before.size() && same == now.size();
        if (shorter) {
            writeLine(list.kind(), same, null);
        }
        for (int i = same; i < now.size(); i++) {
            // A failed write leaves what is in the file, so that the rest is tried again.
            written.put(list, now.subList(0, i));
            writeLine(list.kind(), i, now.get(i));
        }
        written.put(list, now);
        return shorter || same < now.size();
    }

    private void writeLine(String kind, int at, @Nullable Record value) throws IOException {
        byte[] line = JournalLine.bytes(kind, at, value);
        ByteBuffer buffer = ByteBuffer.allocate(line.length + 1);
        if (lineTorn) {
            // Ends what a failed write has left, so that only that line is lost.
            buffer.put((byte) '\n');
        }
        buffer.put(line).flip();
        FileChannel out = channel;
        if (out == null) {
            throw new IOException("the journal is closed");
        }
        lineTorn = true;
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        lineTorn = false;
        unforced = true;
    }

    // ---- opening ----

    private FileChannel open() throws IOException {
        Files.createDirectories(directory);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            // A device or a pipe might never end when it is read, or never take what is written; a link may lead to a
            // file that somebody else would have overwritten.
            throw new IOException("it is no regular file");
        }
        lock();
        written.clear();
        moments = 0;
        if (Files.exists(file) && !takeOver()) {
            Files.move(file, directory.resolve("journal-" + STAMP.format(Instant.now()) + ".jsonl"));
        }
        boolean fresh = !Files.exists(file);
        FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
        channel = out;
        if (fresh) {
            writeLine(JournalLine.HEADER, 1, monitor.snapshot().info());
        } else {
            // The line before may have been torn when its process died.
            lineTorn = true;
        }
        return out;
    }

    /** A file of its own: on some systems a reader of the journal would undo a lock on the journal itself. */
    private void lock() throws IOException {
        if (lock != null) {
            return;
        }
        FileChannel out = FileChannel.open(
                lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            if (out.tryLock() != null) {
                lock = out;
                HELD.add(oneName(lockFile));
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Below, as for another process.
        }
        out.close();
        throw new IOException("another run writes it; give this run another name");
    }

    /** Continues from an earlier journal if it is of this run: the same first point, closed at the same moment. */
    private boolean takeOver() {
        Journal earlier;
        try {
            earlier = Journal.read(file);
        } catch (IOException e) {
            return false;
        }
        List<CurvePoint> before = earlier.recording().curve();
        List<CurvePoint> now = monitor.curve();
        if (before.isEmpty() || now.isEmpty() || !samePlace(before.get(0), now.get(0))) {
            return false;
        }
        JournalList.ALL.forEach(list -> written.put(list, list.of().apply(earlier.recording())));
        moments = earlier.moments().size();
        return true;
    }

    private static boolean samePlace(CurvePoint a, CurvePoint b) {
        return a.tokens() == b.tokens() && a.seconds() == b.seconds() && a.bin().equals(b.bin());
    }

    /** Puts a smaller file in place of the old one; whoever reads sees the one or the other. */
    private void writeAnew(Recording now) throws IOException {
        closeFile();
        WholeFile.write(file, out -> {
            out.write(JournalLine.bytes(JournalLine.HEADER, 1, now.snapshot().info()));
            for (JournalList<?> list : JournalList.ALL) {
                List<? extends Record> entries = list.of().apply(now);
                for (int i = 0; i < entries.size(); i++) {
                    out.write(JournalLine.bytes(list.kind(), i, entries.get(i)));
                }
            }
            out.write(JournalLine.bytes(JournalLine.MOMENT, 0, now.snapshot()));
        });
    }

    /** Writes what is still new and ends the journal; the run's end too if the monitor was closed. */
    @Override
    public synchronized void close() {
        if (!ended) {
            pauseNanos = 0;
            look();
        }
        if (!ended) {
            if (channel != null) {
                leaveOpen();
            }
            end();
        }
    }

    /** The run goes on, but is not recorded any more: so its journal does not read as that of a process that is gone. */
    private void leaveOpen() {
        try {
            writeLine(JournalLine.LEFT, 0, null);
        } catch (IOException e) {
            failed(e);
        }
    }
}
