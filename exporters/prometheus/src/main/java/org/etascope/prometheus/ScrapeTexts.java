package org.etascope.prometheus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The text of the metrics. Each scrape gets a new one as long as scrapes come at any usual pace; whoever asks more than
 * four times a second in the long run, and has used up a reserve of twenty, is given the last text again until it is a
 * quarter of a second old. So however many scrape, and however many runs there are, the training process makes four texts
 * a second.
 *
 * <p>Any thread may call; those that come while a text is being made wait for it and share it, or make the next one.
 */
final class ScrapeTexts {
    private static final long SPACING_NANOS = Duration.ofMillis(250).toNanos();
    private static final int RESERVE = 20;

    /**
     * A text with its age.
     *
     * @param takenNanos the time of its values, as {@link System#nanoTime} had it
     * @param bytes the text
     */
    record Text(long takenNanos, ByteBuffer bytes) {}

    private final UnaryOperator<String> maker;
    private final LongSupplier nanoTime;
    private final Map<String, Text> last = new HashMap<>();
    /** When the reserve will be full again. */
    private long fullAtNanos;

    /**
     * Texts on demand.
     *
     * @param maker makes the text of a content type
     * @param nanoTime the clock
     */
    ScrapeTexts(UnaryOperator<String> maker, LongSupplier nanoTime) {
        this.maker = maker;
        this.nanoTime = nanoTime;
        this.fullAtNanos = nanoTime.getAsLong();
    }

    /** {@return the metrics, their values at most a quarter of a second old} */
    synchronized Text get(String contentType) {
        long now = nanoTime.getAsLong();
        Text text = last.get(contentType);
        if (text == null || now - text.takenNanos() >= SPACING_NANOS || reserved(now)) {
            text = new Text(now, ByteBuffer.wrap(maker.apply(contentType).getBytes(StandardCharsets.UTF_8)));
            last.put(contentType, text);
            long untilFull = Math.max(0, fullAtNanos - now) + SPACING_NANOS;
            fullAtNanos = now + Math.min(untilFull, RESERVE * SPACING_NANOS);
        }
        return text;
    }

    /** What comes next is new: the values have changed in a way that nobody may miss. */
    synchronized void forget() {
        last.clear();
    }

    private boolean reserved(long now) {
        return fullAtNanos - now <= (RESERVE - 1) * SPACING_NANOS;
    }
}
