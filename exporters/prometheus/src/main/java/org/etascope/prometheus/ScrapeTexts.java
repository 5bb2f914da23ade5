package org.etascope.prometheus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The text of the metrics, made at most four times a second however many scrape: whoever asks sooner is given the last
 * one again.
 *
 * <p>Any thread may call; those that come while a text is being made wait for it and share it, or make the next one.
 */
final class ScrapeTexts {
    private static final long SPACING_NANOS = Duration.ofMillis(250).toNanos();

    /**
     * A text with its age.
     *
     * @param takenNanos the time of its values, as {@link System#nanoTime} had it
     * @param ends the ends of runs that it shows, see {@link WatchedRuns#ends}
     * @param bytes the text
     */
    record Text(long takenNanos, long ends, ByteBuffer bytes) {}

    private final LongSupplier ends;
    private final UnaryOperator<String> maker;
    private final LongSupplier nanoTime;
    private final Map<String, Text> last = new HashMap<>();

    /**
     * Texts on demand.
     *
     * @param ends tells what ends a text made next will show
     * @param maker makes the text of a content type
     * @param nanoTime the clock
     */
    ScrapeTexts(LongSupplier ends, UnaryOperator<String> maker, LongSupplier nanoTime) {
        this.ends = ends;
        this.maker = maker;
        this.nanoTime = nanoTime;
    }

    /** {@return the metrics, their values at most a quarter of a second old} */
    synchronized Text get(String contentType) {
        long now = nanoTime.getAsLong();
        Text text = last.get(contentType);
        if (text == null || now - text.takenNanos() >= SPACING_NANOS) {
            long shown = ends.getAsLong();
            text = new Text(now, shown, ByteBuffer.wrap(maker.apply(contentType).getBytes(StandardCharsets.UTF_8)));
            last.put(contentType, text);
        }
        return text;
    }

    /** What comes next is new: the values have changed in a way that nobody may miss. */
    synchronized void forget() {
        last.clear();
    }
}
