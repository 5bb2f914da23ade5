package org.etascope.core;

/**
 * One counter of energy, followed. A difference counts where it is one: a counter that goes back has wrapped if its range
 * makes that a plausible power, else it began anew, and what lies between is a gap, as is a leap that no machine takes, and
 * what a counter shows beyond its range. A gap is never 0 and never filled in. Guarded by its meter.
 */
final class EnergyTally {
    /** No zone of a processor takes more. */
    private static final double MOST_WATTS = 1_000;
    /** A counter with a range is a processor's. */
    private static final double MOST_WATTS_WITH_A_RANGE = 10_000;
    /** What no power station gives. */
    private static final double MOST_WATTS_WITHOUT = 1e9;
    /** After a longer pause a counter with a range may have wrapped more than once. */
    private static final double LONGEST_PAUSE_SECONDS = 5;

    private double joules;
    private double seconds;
    private long gaps;
    private double lastJoules = Double.NaN;
    private long lastNanos;

    /**
     * {@return joules since the last reading, NaN for a gap}
     *
     * @param nanos when it was read, of any clock that only goes on
     */
    double read(double counter, double range, long nanos) {
        double passed = (nanos - lastNanos) / 1e9;
        double taken = counter > range ? Double.NaN : difference(counter - lastJoules, range, passed);
        boolean first = Double.isNaN(lastJoules);
        lastJoules = Double.isFinite(counter) && !(counter > range) ? counter : Double.NaN;
        lastNanos = nanos;
        if (!Double.isNaN(taken)) {
            joules += taken;
            seconds += passed;
        } else if (!first) {
            gaps++;
        }
        return taken;
    }

    /** It is not to be read now. */
    void missing() {
        read(Double.NaN, Double.NaN, lastNanos);
    }

    private static double difference(double counted, double range, double passed) {
        if (!(passed > 0) || !Double.isFinite(counted)) {
            return Double.NaN;
        }
        double taken = counted < 0 ? counted + range : counted;
        boolean wrapped = counted < 0;
        double most = wrapped ? MOST_WATTS : range > 0 ? MOST_WATTS_WITH_A_RANGE : MOST_WATTS_WITHOUT;
        if (!(taken >= 0 && taken < most * passed)) {
            return Double.NaN;
        }
        boolean mayHaveWrappedAgain = passed > LONGEST_PAUSE_SECONDS && taken + range < MOST_WATTS * passed;
        return mayHaveWrappedAgain ? Double.NaN : taken;
    }

    double joules() {
        return joules;
    }

    /** Time over which joules were counted. */
    double seconds() {
        return seconds;
    }

    long gaps() {
        return gaps;
    }
}
