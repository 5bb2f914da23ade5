package org.etascope.core;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Measures the steps of this process, in milliseconds. Guarded by the monitor's lock. */
final class StepClock {
    private static final long[] BOUNDS_MILLIS = StepDurations.UPPER_BOUNDS.stream()
            .mapToLong(seconds -> Math.round(seconds * 1e3))
            .toArray();

    private final long[] counts = new long[BOUNDS_MILLIS.length + 1];
    private long sumMillis;
    private long lastMillis = Long.MIN_VALUE;

    /** A step has ended, or several of which one value was told; the first has no beginning. */
    void step(long steps, long millis) {
        if (lastMillis != Long.MIN_VALUE && millis >= lastMillis && steps > 0) {
            long each = (millis - lastMillis) / steps;
            int place = Arrays.binarySearch(BOUNDS_MILLIS, each);
            counts[place >= 0 ? place : -place - 1] += steps;
            sumMillis += millis - lastMillis;
        }
        lastMillis = Math.max(lastMillis, millis);
    }

    StepDurations shown() {
        return new StepDurations(LongStream.of(counts).boxed().toList(), sumMillis / 1e3);
    }
}
