package org.etascope.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.etascope.core.RunSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs recorded in a folder, as their journals tell of them: those that have ended, and those that other processes
 * still write. Whoever asks gets what the last look has found, at once, and makes another thread look again.
 *
 * <p>Looked for are journals in the folder and up to {@value #DEEPEST} folders below, the {@value #MOST} changed last.
 * Symbolic links in it are not followed, so that nothing outside it is shown. A journal that cannot be read is said once in
 * the log and left out. Journals that this process writes are left out: it knows these runs better.
 *
 * <p>Of each run one moment is kept, and of the few asked for last their curves. Any thread may call.
 */
public final class RecordedRuns {
    private static final Logger LOG = LoggerFactory.getLogger(RecordedRuns.class);
    private static final int DEEPEST = 3;
    private static final int MOST = 1_000;
    private static final int MOST_OPEN = 8;
    /** Many times what a writer lets its journal grow to. */
    private static final long LARGEST = 256 << 20;

    private static final long LOOK_AFTER_NANOS = 5_000_000_000L;

    private final Path folder;
    private final AtomicBoolean looking = new AtomicBoolean();
    /** The last moments, none of what cannot be read. Belongs to the one look under way. */
    private Map<Entry, Optional<RunSnapshot>> lasts = Map.of();

    private volatile Map<String, Run> byName = Map.of();
    private volatile long lookedAt;

    private final Map<Entry, Recording> open = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Entry, Recording> eldest) {
            return size() > MOST_OPEN;
        }
    };

    /** A journal as it was at one time. */
    private record Entry(Path journal, FileTime changed, long size, boolean written) {}

    private record Run(Entry entry, RunSnapshot last) {}

    /**
     * Begins to look; until that has found something there are none.
     *
     * @param folder such as {@code runs}; the directory of one run does too
     * @throws IOException if it is no folder or cannot be read
     */
    public RecordedRuns(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        this.folder = folder.toRealPath();
        this.lookedAt = System.nanoTime() - LOOK_AFTER_NANOS;
        lookAgain();
    }

    /**
     * {@return the journals in a folder, those changed last first, unread}
     *
     * @param folder the folder
     * @throws IOException if it is none or cannot be read
     */
    public static List<Path> journals(Path folder) throws IOException {
        return found(folder.toRealPath()).stream().map(Entry::journal).toList();
    }

    /** {@return the latest moment of each run, the latest begun first; each under a name of its own} */
    public List<RunSnapshot> runs() {
        lookAgain();
        return byName.entrySet().stream()
                .map(named -> named.getValue().last().withRun(named.getKey()))
                .toList();
    }

    /**
     * {@return a run with its curve}
     *
     * @param name its name in {@link #runs}
     */
    public Optional<Recording> find(String name) {
        lookAgain();
        Run run = byName.get(name);
        if (run == null) {
            return Optional.empty();
        }
        Entry entry = run.entry();
        synchronized (open) {
            try {
                Recording recording = open.get(entry);
                if (recording == null) {
                    recording = Journal.read(entry.journal()).recording().withRun(name);
                    open.put(entry, recording);
                }
                return Optional.of(recording);
            } catch (IOException | RuntimeException e) {
                return Optional.empty(); // Gone since the last look, or no longer what it was.
            }
        }
    }

    private void lookAgain() {
        if (System.nanoTime() - lookedAt >= LOOK_AFTER_NANOS && looking.compareAndSet(false, true)) {
            Thread thread = new Thread(this::lookInBackground, "etascope-recordings");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void lookInBackground() {
        try {
            look();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} cannot be looked through now", folder, e);
        } finally {
            lookedAt = System.nanoTime();
            looking.set(false);
        }
    }

    private void look() throws IOException {
        Map<Entry, Optional<RunSnapshot>> now = new HashMap<>();
        for (Entry file : found(folder)) {
            Optional<RunSnapshot> known = lasts.get(file);
            now.put(file, known == null ? read(file) : known);
        }
        lasts = now;
        byName = named(now);
        lookedAt = System.nanoTime();
    }

    private static List<Entry> found(Path folder) throws IOException {
        List<Entry> found = new ArrayList<>();
        Files.walkFileTree(folder, Set.of(), DEEPEST + 1, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && file.endsWith(RunFiles.JOURNAL) && !JournalWriter.writtenHere(file)) {
                    found.add(new Entry(
                            file, attributes.lastModifiedTime(), attributes.size(), JournalWriter.writes(file)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(Comparator.comparing(Entry::changed).reversed());
        return found.subList(0, Math.min(MOST, found.size()));
    }

    private Optional<RunSnapshot> read(Entry file) {
        try {
            if (file.size() > LARGEST) {
                throw new IOException(file.journal() + ": " + file.size() + " bytes are too many for a journal");
            }
            return Optional.of(Journal.read(file.journal()).recording().snapshot());
        } catch (IOException | RuntimeException e) {
            if (!saidUnreadable(file.journal())) {
                LOG.warn("a recording is left out: {}", String.valueOf(e.getMessage()));
            }
            return Optional.empty();
        }
    }

    private boolean saidUnreadable(Path journal) {
        return lasts.entrySet().stream()
                .anyMatch(known ->
                        known.getValue().isEmpty() && known.getKey().journal().equals(journal));
    }

    /** The latest begun first. Where several runs have one name, each is called by its folder too. */
    private Map<String, Run> named(Map<Entry, Optional<RunSnapshot>> all) {
        Map<String, List<Run>> sameName = all.entrySet().stream()
                .flatMap(one -> one.getValue().map(last -> new Run(one.getKey(), last)).stream())
                .sorted(Comparator.comparingDouble(
                                (Run run) -> run.last().timeline().startSeconds())
                        .reversed())
                .collect(
                        Collectors.groupingBy(run -> run.last().info().run(), LinkedHashMap::new, Collectors.toList()));
        Map<String, Run> named = new LinkedHashMap<>();
        sameName.forEach((name, ofName) -> ofName.forEach(run -> named.put(
                ofName.size() == 1
                        ? name
                        : name + " (" + folder.relativize(run.entry().journal().resolveSibling("")) + ")",
                run)));
        return named;
    }
}
