package org.etascope.logs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A log whose format is known and whose names are settled, ready to be read.
 *
 * <p>The format is the one that finds most losses in the log's first megabyte, those with a step counted twice; so a log
 * that begins with the training program's source is no CSV. Of equals the more particular one wins.
 */
public final class OpenLog {
    private static final int LARGEST_HEAD = 1 << 20;
    private static final int CHUNK = 1 << 16;
    /** Lines of any kind must find this much more than a format that knows what it reads. */
    private static final double MORE = 1.1;

    private static final int MOST_KINDS = 10_000;
    /** Of a line of text at most one sign in so many is none. */
    private static final int MOST_PARTS = 5;

    private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d+|\\d+");

    private final Candidate candidate;
    private final InputStream in;

    private OpenLog(Candidate candidate, InputStream in) {
        this.candidate = candidate;
        this.in = in;
    }

    /**
     * What the user says of a log.
     *
     * @param format its format, null if it is to be found
     * @param names names of columns, keys or tags, by role
     * @param pattern finds the lines of a log that no format fits, null if there is none
     */
    public record Wish(
            @Nullable LogFormat format,
            Map<Role, String> names,
            @Nullable Pattern pattern) {
        /**
         * {@return the same, of a format that is known by now}
         *
         * @param known the format
         */
        public Wish as(LogFormat known) {
            return new Wish(known == LogFormat.PATTERN ? null : known, names, pattern);
        }
    }

    private record Candidate(LogFormat format, Roles roles, LossLog reader, List<String> notes, double score) {}

    /**
     * {@return the log, null if nothing in its first megabyte tells how to read it}
     *
     * <p>Reads no more than needed: a stream that grows need not have ended.
     *
     * @param in the stream, see {@link LogStreams#open}
     * @param wish what the user says
     * @throws IOException if the stream fails
     */
    public static @Nullable OpenLog of(InputStream in, Wish wish) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        Candidate best = null;
        int looked = 0;
        boolean over = false;
        while (!over && head.size() < LARGEST_HEAD && (best == null || in.available() > 0)) {
            int n = in.read(chunk);
            over = n < 0;
            head.write(chunk, 0, Math.max(0, n));
            // Once it is large, looking again only at twice the size keeps the work linear.
            boolean worthwhile = head.size() < CHUNK || head.size() >= 2 * looked;
            if (over || (worthwhile && in.available() <= 0)) {
                looked = head.size();
                best = best(head.toByteArray(), wish, over);
            }
        }
        if (looked < head.size()) {
            best = best(head.toByteArray(), wish, over);
        }
        if (best == null) {
            return null;
        }
        return new OpenLog(best, new SequenceInputStream(new ByteArrayInputStream(head.toByteArray()), in));
    }

    /**
     * {@return up to three lines of a log's beginning that look most like losses: the first ones of the kinds that come
     * most often and have a number with a point in it}
     *
     * @param in the stream
     * @throws IOException if it fails
     */
    public static List<String> likeliestLines(InputStream in) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        Map<String, String> firsts = new LinkedHashMap<>();
        Lines lines = new Lines(new ByteArrayInputStream(in.readNBytes(LARGEST_HEAD)));
        for (String line = lines.next(); line != null; line = lines.next()) {
            String kind = NUMBER.matcher(line).replaceAll("0");
            boolean number = kind.length() < line.length() && line.indexOf('.') > 0;
            if (number && isText(line) && counts.size() < MOST_KINDS) {
                counts.merge(kind, 1, Integer::sum);
                firsts.putIfAbsent(kind, NotANumberException.printable(line));
            }
        }
        return firsts.keySet().stream()
                .sorted(Comparator.comparing((String kind) -> -counts.getOrDefault(kind, 0)))
                .limit(3)
                .map(firsts::get)
                .toList();
    }

    private static boolean isText(String line) {
        long signs = line.chars().filter(sign -> sign >= ' ' && sign < 0x7F).count();
        return signs * MOST_PARTS >= (long) line.length() * (MOST_PARTS - 1);
    }

    private static @Nullable Candidate best(byte[] head, Wish wish, boolean over) throws IOException {
        LogFormat named = wish.pattern == null ? wish.format : LogFormat.PATTERN;
        if (named != null) {
            Candidate asked = candidate(named, head, wish);
            return over || asked.score > 0 || head.length >= LARGEST_HEAD ? asked : null;
        }
        if (head.length >= TensorBoardLog.HEADER_BYTES && TensorBoardLog.headerIsWhole(head)) {
            return candidate(LogFormat.TENSORBOARD, head, wish);
        }
        if (WandbLog.begins(head)) {
            return candidate(LogFormat.WANDB, head, wish);
        }
        Candidate best = null;
        LogFormat otherDocument = looksLikeTrainerState(head) ? LogFormat.JSON : LogFormat.HF_TRAINER;
        for (LogFormat format : LogFormat.TRIED) {
            if (format != otherDocument) {
                Candidate next = candidate(format, head, wish);
                double least = best == null ? 0 : format == LogFormat.TEXT ? MORE * best.score : best.score;
                best = next.score > least ? next : best;
            }
        }
        return best;
    }

    private static Candidate candidate(LogFormat format, byte[] head, Wish wish) throws IOException {
        Roles roles = format.roles(wish.names);
        Roles.Survey survey = roles.new Survey();
        format.reader(wish.names, wish.pattern, false).read(new ByteArrayInputStream(head), survey);
        boolean blocks = format == LogFormat.TEXT && survey.stepsStandApart();
        LossLog reader = format.reader(wish.names, wish.pattern, blocks);
        return new Candidate(format, roles, reader, survey.settle(), survey.score());
    }

    private static boolean looksLikeTrainerState(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1).stripLeading();
        return text.startsWith("{")
                ? text.contains("\"log_history\"")
                : text.startsWith("[") && text.contains("\"loss\"");
    }

    /** {@return the log's format} */
    public LogFormat format() {
        return candidate.format;
    }

    /**
     * Reads to the end of the stream. To be called once.
     *
     * @param sink told of everything found, in order
     * @throws IOException if the stream fails
     */
    public void read(LossSink sink) throws IOException {
        candidate.notes.forEach(sink::note);
        candidate.reader.read(in, new PointMaker(candidate.roles, sink, candidate.format));
    }
}
