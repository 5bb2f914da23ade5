package org.etascope.prometheus;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that many ask for, each made at most four times a second: whoever asks sooner is given the last one again.
 *
 * <p>One is made at a time, so all clients together take one core at most. What is kept has a bound in bytes. Any thread
 * may call; those that come while an answer is being made wait for it.
 */
final class Answers {
    private static final long SPACING_NANOS = Duration.ofMillis(250).toNanos();

    /**
     * An answer with its age.
     *
     * @param takenNanos the time of its values, as {@link System#nanoTime} had it
     * @param ends the ends of runs that it shows, see {@link WatchedRuns#ends}
     * @param answer the answer
     */
    record Kept(long takenNanos, long ends, Answer answer) {
        int bytes() {
            return answer.body().remaining();
        }
    }

    private final LongSupplier ends;
    private final LongSupplier nanoTime;
    private final long mostBytes;
    private final Map<Object, Kept> kept = new LinkedHashMap<>();

    /**
     * Answers on demand.
     *
     * @param ends tells what ends an answer made next will show
     * @param nanoTime the clock
     * @param mostBytes what may be kept; the latest answer is, however large
     */
    Answers(LongSupplier ends, LongSupplier nanoTime, long mostBytes) {
        this.ends = ends;
        this.nanoTime = nanoTime;
        this.mostBytes = mostBytes;
    }

    /**
     * {@return an answer whose values are at most a quarter of a second old}
     *
     * @param key equal for those who are to be given the same
     * @param maker makes it
     */
    synchronized Kept get(Object key, Supplier<Answer> maker) {
        long now = nanoTime.getAsLong();
        kept.values().removeIf(one -> now - one.takenNanos() >= SPACING_NANOS);
        @Nullable Kept young = kept.get(key);
        if (young != null) {
            return young;
        }
        long shown = ends.getAsLong();
        Kept made = new Kept(now, shown, maker.get());
        long left = mostBytes - made.bytes();
        for (var older = kept.values().iterator(); older.hasNext(); ) {
            left -= older.next().bytes();
            if (left < 0) {
                older.remove();
            }
        }
        kept.put(key, made);
        return made;
    }

    /** What comes next is new: the values have changed in a way that nobody may miss. */
    synchronized void forget() {
        kept.clear();
    }
}
