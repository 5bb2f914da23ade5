package org.etascope.recording;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etascope.core.Outcome;
import org.etascope.core.RunSnapshot;
import org.etascope.core.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * What a journal file holds; {@link JournalWriter} says how it is written. Immutable.
 *
 * <p>Reading takes every line whose checksum holds and counts the others: a torn last line, which a killed process or a
 * full disk leaves behind, costs that line. A run whose end was not written, though its process is gone, has failed.
 *
 * @param recording the run at its last recorded moment, with its curve
 * @param moments all recorded moments, oldest first; at least one
 * @param damagedLines lines that were torn or altered, and left out
 */
public record Journal(Recording recording, List<RunSnapshot> moments, int damagedLines) {
    /** A moment with the longest name there may be, each of its characters escaped, and more. */
    private static final int LONGEST_LINE = 8 << 20;

    /**
     * Takes a copy of the list.
     *
     * @param recording the run
     * @param moments its moments
     * @param damagedLines lines left out
     */
    public Journal {
        moments = List.copyOf(moments);
    }

    /**
     * Reads a journal.
     *
     * @param file the journal, or the directory of a run
     * @return what it holds
     * @throws IOException if it cannot be read or holds no moment of a run; the message names the file
     */
    public static Journal read(Path file) throws IOException {
        Path journal = Files.isDirectory(file) ? file.resolve(RunFiles.JOURNAL) : file;
        if (!Files.exists(journal)) {
            throw new NoSuchFileException(journal + ": there is no journal here");
        }
        if (!Files.isRegularFile(journal)) {
            throw new IOException(journal + " is no regular file");
        }
        Reader reader = new Reader();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(journal))) {
            readLines(in, reader);
        }
        if (reader.moments.isEmpty()) {
            throw new IOException(journal + ": no moment of a run in it (" + reader.damaged + " damaged lines)");
        }
        RunSnapshot last = reader.moments.get(reader.moments.size() - 1);
        if (!last.timeline().ended() && !reader.left && !JournalWriter.writes(journal)) {
            last = last.withTimeline(failed(last.timeline()));
            reader.moments.set(reader.moments.size() - 1, last);
        }
        return new Journal(reader.recording(last), reader.moments, reader.damaged);
    }

    /** Nobody could write the end: the last moment recorded is when the process was last seen. */
    private static Timeline failed(Timeline times) {
        return new Timeline(
                times.startSeconds(),
                times.lastStepSeconds(),
                times.saturationSeconds(),
                Double.isNaN(times.lastStepSeconds()) ? times.startSeconds() : times.lastStepSeconds(),
                Outcome.FAILED);
    }

    private static void readLines(InputStream in, Reader reader) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                reader.take(line.toByteArray());
                line.reset();
            } else if (line.size() < LONGEST_LINE) {
                line.write(b);
            }
        }
        reader.take(line.toByteArray());
    }

    private static final class Reader {
        private final List<RunSnapshot> moments = new ArrayList<>();
        private final Map<JournalList<?>, List<Record>> lists = new HashMap<>();
        private boolean left;
        private int damaged;

        void take(byte[] bytes) {
            if (bytes.length == 0) {
                return;
            }
            JournalLine line = JournalLine.parse(bytes);
            try {
                if (line == null || !take(line)) {
                    damaged++;
                }
            } catch (IOException e) {
                damaged++;
            }
        }

        private boolean take(JournalLine line) throws IOException {
            switch (line.kind()) {
                case JournalLine.HEADER -> {}
                case JournalLine.MOMENT -> {
                    moments.add(line.as(RunSnapshot.class));
                    left = false;
                }
                case JournalLine.LEFT -> left = true;
                default -> {
                    return place(line);
                }
            }
            return true;
        }

        /** What was at this place and behind it is no longer so: the run went back, or more is known about it. */
        private boolean place(JournalLine line) throws IOException {
            for (JournalList<?> kind : JournalList.ALL) {
                if (kind.kind().equals(line.kind())) {
                    @Nullable
                    Record entry = line.value() == null || line.value().isNull() ? null : line.as(kind.type());
                    List<Record> list = lists.computeIfAbsent(kind, unused -> new ArrayList<>());
                    list.subList(Math.max(0, Math.min(line.at(), list.size())), list.size())
                            .clear();
                    if (entry != null) {
                        list.add(entry);
                    }
                    return true;
                }
            }
            return false;
        }

        <R extends Record> List<R> list(JournalList<R> kind) {
            return lists.getOrDefault(kind, List.of()).stream()
                    .map(kind.type()::cast)
                    .toList();
        }

        Recording recording(RunSnapshot last) {
            return new Recording(
                    last,
                    list(JournalList.POINT),
                    list(JournalList.VALIDATION),
                    list(JournalList.LAYERS),
                    list(JournalList.EVENT),
                    list(JournalList.MARK));
        }
    }
}
