package org.etascope.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a run's learning rate is meant to go, from its first step to its planned end.
 *
 * <p>The rate at step t of N, with W warm-up steps, relative to the peak: t/W while t &lt; W, and then, with x =
 * (t − W)/(N − W) kept within 0 and 1:
 *
 * <table>
 * <caption>Schedules</caption>
 * <tr><th>text</th><th>relative rate</th></tr>
 * <tr><td>{@code constant}</td><td>1</td></tr>
 * <tr><td>{@code linear}</td><td>1 − x</td></tr>
 * <tr><td>{@code cosine[:FLOOR]}</td><td>FLOOR + (1 − FLOOR)(1 + cos πx)/2; FLOOR is 0 unless given</td></tr>
 * <tr><td>{@code wsd:START[:FLOOR]}</td><td>1 until START·N, then straight down to FLOOR at N</td></tr>
 * <tr><td>{@code step:AT:RATE}</td><td>1 while t ≤ AT·N, then RATE</td></tr>
 * <tr><td>{@code list:R0:R1:…}</td><td>the rates equally spaced from step 0 to N, straight between</td></tr>
 * </table>
 *
 * <p>All values are shares between 0 and 1. A step may be fractional; beyond N the rate stays that of N. Immutable; a
 * look costs a few operations.
 */
public final class LearningRateSchedule {
    /** What {@link #parse} takes, for help texts. */
    public static final String ALLOWED =
            "constant, linear, cosine[:FLOOR], wsd:START[:FLOOR], step:AT:RATE or list:R0:R1:... (shares from 0 to 1)";

    private final String text;
    private final Shape shape;
    private final long warmupSteps;
    private final boolean relative;

    /** The rate at step t of n; w warm-up steps lie behind. */
    private interface Shape {
        double at(double t, double w, double n);
    }

    private LearningRateSchedule(String text, Shape shape, long warmupSteps, boolean relative) {
        this.text = text;
        this.shape = shape;
        this.warmupSteps = warmupSteps;
        this.relative = relative;
    }

    /** {@return a rate that stays at its peak} */
    public static LearningRateSchedule constant() {
        return new LearningRateSchedule("constant", (t, w, n) -> 1, 0, true);
    }

    /**
     * Reads a schedule.
     *
     * @param text one of the texts above
     * @return the schedule, without warm-up
     * @throws IllegalArgumentException if it is none; the message is one line
     */
    public static LearningRateSchedule parse(String text) {
        String[] parts = text.strip().toLowerCase(Locale.ROOT).split(":", -1);
        return switch (parts[0]) {
            case "constant" -> of(text, shares(text, parts, 0, 0), v -> (t, w, n) -> 1);
            case "linear" -> of(text, shares(text, parts, 0, 0), v -> (t, w, n) -> 1 - done(t, w, n));
            case "cosine" ->
                of(text, shares(text, parts, 0, 1), v -> {
                    double floor = v.length > 0 ? v[0] : 0;
                    return (t, w, n) -> floor + (1 - floor) * (1 + Math.cos(Math.PI * done(t, w, n))) / 2;
                });
            case "wsd" ->
                of(text, shares(text, parts, 1, 2), v -> {
                    double floor = v.length > 1 ? v[1] : 0;
                    return (t, w, n) -> t <= v[0] * n ? 1 : 1 - (1 - floor) * done(t, v[0] * n, n);
                });
            case "step" -> of(text, shares(text, parts, 2, 2), v -> (t, w, n) -> t <= v[0] * n ? 1 : v[1]);
            case "list" -> of(text, shares(text, parts, 2, Integer.MAX_VALUE), v -> (t, w, n) -> between(v, t, n));
            default -> throw none(text);
        };
    }

    /**
     * {@return a schedule from the very rates of a framework, in its own unit, warm-up included: they are compared with
     * the largest rate seen, not with their own peak}
     *
     * @param rates at least two, equally spaced from step 0 to the planned end, straight between; each 0 or more
     */
    public static LearningRateSchedule ofRates(double... rates) {
        double[] copy = rates.clone();
        if (copy.length < 2) {
            throw new IllegalArgumentException("a schedule has " + copy.length + " rates, allowed: 2 or more");
        }
        for (double rate : copy) {
            Arguments.within("learning rate", rate, 0, Double.MAX_VALUE);
        }
        return new LearningRateSchedule(copy.length + " learning rates", (t, w, n) -> between(copy, t, n), 0, false);
    }

    /**
     * {@return this schedule after a linear warm-up}
     *
     * @param steps W, 0 or more
     */
    public LearningRateSchedule withWarmup(long steps) {
        return new LearningRateSchedule(text, shape, Arguments.notNegative("warm-up steps", steps), relative);
    }

    /**
     * {@return the rate at a step: relative to the peak, or in the framework's unit where the schedule is {@link
     * #ofRates}; NaN where the step or the end is not known}
     *
     * @param step t, 0 or more
     * @param plannedSteps N, above 0
     */
    public double at(double step, double plannedSteps) {
        if (!(step >= 0 && plannedSteps > 0)) {
            return Double.NaN;
        }
        return step < warmupSteps ? step / warmupSteps : shape.at(step, warmupSteps, plannedSteps);
    }

    /** The rate at a step as a share of the largest rate that the run has seen. */
    double shareAt(double step, double plannedSteps, double peakSeen) {
        double rate = at(step, plannedSteps);
        return relative ? rate : rate / peakSeen;
    }

    /** {@return the text it was read from} */
    @Override
    public String toString() {
        return text;
    }

    private static double done(double t, double from, double to) {
        return to > from ? Math.min(1, Math.max(0, (t - from) / (to - from))) : 1;
    }

    private static double between(double[] values, double t, double n) {
        int last = values.length - 1;
        double place = Math.min(1, t / n) * last;
        int left = Math.min(last - 1, (int) place);
        return values[left] + (values[left + 1] - values[left]) * (place - left);
    }

    private interface ShapeOf {
        Shape with(double[] values);
    }

    private static LearningRateSchedule of(String text, double[] values, ShapeOf shape) {
        return new LearningRateSchedule(text.strip(), shape.with(values), 0, true);
    }

    private static double[] shares(String text, String[] parts, int fewest, int most) {
        List<Double> values = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            values.add(share(text, parts[i]));
        }
        if (values.size() < fewest || values.size() > most) {
            throw none(text);
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double share(String text, String number) {
        double value;
        try {
            value = Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw none(text);
        }
        if (value >= 0 && value <= 1) {
            return value;
        }
        throw new IllegalArgumentException("schedule \"" + text + "\" holds " + number
                + ", allowed: shares from 0 to 1 of the peak or of the steps");
    }

    private static IllegalArgumentException none(String text) {
        String line = text.replaceAll("\\R", " ");
        return new IllegalArgumentException("schedule is \"" + line + "\", allowed: " + ALLOWED);
    }
}
