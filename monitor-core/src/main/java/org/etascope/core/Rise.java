package org.etascope.core;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Whether the loss lies above its lowest level (docs/theory.md, 6.7).
 *
 * <p>While not risen, each close with ≥ 3 bins and ≥ 32 points offers max(L, median of the last 32 points) as a level; it
 * counts towards the <em>lowest level</em> 32 points later, so that a level is never compared with its own points.
 *
 * <p>Every 4th point from the 32nd, once there is a lowest level and a noise: excess = median of the last 32 points −
 * lowest; floor = max(0.025(min(H, ln V) − lowest), 0.01, 2q); T = max(floor, 10·sd32).
 *
 * <ul>
 *   <li>RISEN when excess &gt; T, since the last check with excess &lt; T/2, else since the first point. T stays until
 *       the end.
 *   <li>BLOW_UP when also excess ≥ max(T, 2·floor), then or later.
 *   <li>It ends, from the next check on, RECOVERED when excess &lt; T/2, or ACCEPTED one e-fold after RISEN: then max(L,
 *       median of 32) is the lowest level.
 * </ul>
 *
 * <p>Excess and lowest level are shown as of the last check, NaN before the first. Single writer; nothing is allocated.
 */
final class Rise extends StateFields.Part {
    private static final int RECENT = 32;
    private static final int CHECK_EVERY = 4;
    private static final int FEWEST_BINS = 3;
    private static final double SHARE_OF_PROGRESS = 0.025;
    private static final double LEAST_NATS = 0.01;
    private static final double QUANTA = 2;
    private static final double ERRORS = 10;
    private static final double BLOW_UP_FLOORS = 2;
    private static final double ACCEPTED_AFTER = 1;

    private final Consumer<RunEvent.Kind> events;
    private long points;
    private final double[] recent = new double[RECENT];
    /** The same in order: each point takes the place of the oldest. */
    private final double[] sorted = new double[RECENT];

    /** Levels that wait for 32 points more; one a point at the most, this point's included. */
    private final double[] offered = new double[RECENT + 1];

    private final long[] countsAt = new long[RECENT + 1];
    private int firstOffer;
    private int offers;

    private double lowest = Double.NaN;
    private double lowestChecked = Double.NaN;
    private double excess = Double.NaN;
    private double calmAt = Double.NaN;

    private boolean risen;
    private boolean blownUp;
    private double threshold = Double.NaN;
    private double blowUpThreshold = Double.NaN;
    private double toldAt = Double.NaN;
    private double since = Double.NaN;
    private double standardError = Double.NaN;

    Rise(Consumer<RunEvent.Kind> events) {
        this.events = events;
    }

    void add(double x, double loss) {
        if (points == 0) {
            calmAt = x;
        }
        int oldest = (int) (points % RECENT);
        int i = 0;
        while (i < RECENT - 1 && sorted[i] != recent[oldest]) {
            i++;
        }
        for (; i > 0 && sorted[i - 1] > loss; i--) {
            sorted[i] = sorted[i - 1];
        }
        for (; i < RECENT - 1 && sorted[i + 1] < loss; i++) {
            sorted[i] = sorted[i + 1];
        }
        sorted[i] = loss;
        recent[oldest] = loss;
        points++;
    }

    /** At a close. */
    void offer(LogBins bins) {
        if (risen || bins.closed() < FEWEST_BINS || points < RECENT) {
            return;
        }
        int place = (firstOffer + offers) % offered.length;
        offered[place] = Math.max(bins.current(), medianOfRecent());
        countsAt[place] = points + RECENT;
        offers++;
    }

    /** At each point, after its close. */
    void takeOffers() {
        while (offers > 0 && countsAt[firstOffer] <= points) {
            double level = offered[firstOffer];
            lowest = level < lowest || Double.isNaN(lowest) ? level : lowest;
            firstOffer = (firstOffer + 1) % offered.length;
            offers--;
        }
    }

    /** At each point, last. */
    void check(double x, LogBins bins, Noise noise, double q, double ceilingNats) {
        if (points < RECENT || points % CHECK_EVERY != 0 || Double.isNaN(lowest) || !noise.known()) {
            return;
        }
        double median = medianOfRecent();
        excess = median - lowest;
        lowestChecked = lowest;
        if (!risen) {
            begin(x, noise, q, ceilingNats);
        } else if (excess < threshold / 2) {
            end(x, RunEvent.Kind.RECOVERED);
        } else if (x - toldAt >= ACCEPTED_AFTER) {
            lowest = Math.max(bins.current(), median);
            end(x, RunEvent.Kind.ACCEPTED);
        } else {
            blowUp();
        }
    }

    private void begin(double x, Noise noise, double q, double ceilingNats) {
        double floor = floor(q, ceilingNats);
        threshold = Math.max(floor, ERRORS * noise.sd32());
        if (excess > threshold) {
            risen = true;
            blowUpThreshold = Math.max(threshold, BLOW_UP_FLOORS * floor);
            toldAt = x;
            since = calmAt;
            standardError = noise.sd32();
            offers = 0;
            events.accept(RunEvent.Kind.RISEN);
            blowUp();
        } else if (excess < threshold / 2) {
            calmAt = x;
        }
    }

    /** An unknown ceiling leaves its part out. */
    private double floor(double q, double ceilingNats) {
        double progress = SHARE_OF_PROGRESS * (ceilingNats - lowest);
        double floor = Math.max(LEAST_NATS, QUANTA * q);
        return progress > floor ? progress : floor;
    }

    private void blowUp() {
        if (!blownUp && excess >= blowUpThreshold) {
            blownUp = true;
            events.accept(RunEvent.Kind.BLOW_UP);
        }
    }

    private void end(double x, RunEvent.Kind how) {
        risen = false;
        blownUp = false;
        calmAt = x;
        events.accept(how);
    }

    private double medianOfRecent() {
        return (sorted[RECENT / 2 - 1] + sorted[RECENT / 2]) / 2;
    }

    boolean risen() {
        return risen;
    }

    boolean blownUp() {
        return blownUp;
    }

    /** Median of the last 32 points less the lowest level, nats. */
    double excess() {
        return excess;
    }

    /** The lowest level, nats per token. */
    double lowest() {
        return lowestChecked;
    }

    /** ln D since which the last rise lasts or lasted, NaN before the first. */
    double since() {
        return since;
    }

    /** sd32 when the last rise was found. */
    double standardError() {
        return standardError;
    }

    @Override
    void fields(StateFields state) throws IOException {
        points = state.next(points);
        for (int i = 0; i < RECENT; i++) {
            recent[i] = state.next(recent[i]);
        }
        System.arraycopy(recent, 0, sorted, 0, RECENT);
        Arrays.sort(sorted);
        offers = state.count(offers, offered.length);
        for (int i = 0; i < offers; i++) {
            int at = (firstOffer + i) % offered.length;
            offered[at] = state.next(offered[at]);
            countsAt[at] = state.next(countsAt[at]);
        }
        lowest = state.next(lowest);
        lowestChecked = state.next(lowestChecked);
        excess = state.next(excess);
        calmAt = state.next(calmAt);
        risen = state.next(risen);
        blownUp = state.next(blownUp);
        threshold = state.next(threshold);
        blowUpThreshold = state.next(blowUpThreshold);
        toldAt = state.next(toldAt);
        since = state.next(since);
        standardError = state.next(standardError);
    }
}
