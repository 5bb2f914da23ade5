package org.etascope.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A row of golden_verdict.csv: a made loss series and what the detector must say of it. The recipe is that of
 * docs/theory.md, "Golden series".
 */
record GoldenVerdict(Map<String, String> row) {

    /** One logged value. */
    record Point(long tokens, double loss, double learningRate) {}

    static List<GoldenVerdict> all() {
        return GoldenVectors.rows("golden_verdict.csv").stream()
                .map(GoldenVerdict::new)
                .toList();
    }

    String text(String column) {
        return row.getOrDefault(column, "");
    }

    /** NaN where the cell is empty. */
    double number(String column) {
        return row.containsKey(column) ? Double.parseDouble(row.get(column)) : Double.NaN;
    }

    private long whole(String column) {
        return (long) number(column);
    }

    List<Point> points() {
        List<Point> points = new ArrayList<>();
        for (long t = whole("every"); t <= whole("T"); t += whole("every")) {
            double rate = learningRate(t);
            points.add(new Point(whole("tokens") * t, loss(t, rate), rate));
        }
        return points;
    }

    double logFirstTokens(List<Point> points) {
        long first = points.stream()
                .filter(point -> Double.isFinite(point.loss()))
                .findFirst()
                .orElseThrow()
                .tokens();
        return Math.log((double) first / whole("every"));
    }

    /** min(H, ln V). */
    double ceilingNats(List<Point> points) {
        double first = points.stream()
                .mapToDouble(Point::loss)
                .filter(Double::isFinite)
                .findFirst()
                .orElseThrow();
        double baseline = row.containsKey("baseline") ? number("baseline") : first;
        return number("vocabulary") > 0 ? Math.min(baseline, Math.log(number("vocabulary"))) : baseline;
    }

    private double learningRate(long t) {
        long period = whole("lr_period");
        return period == 0 ? Double.NaN : 1 - 0.9 * Math.abs((t - 1) % period / (period / 2.0) - 1);
    }

    private double loss(long t, double rate) {
        if (within(t, "nan_every", "nan_len")) {
            return Double.NaN;
        }
        double y = trend(t);
        for (int i = 1; i <= 2; i++) {
            if (number("len" + i) > 0) {
                y += number("size" + i) * Math.min(Math.max((t - number("at" + i)) / number("len" + i), 0), 1);
            }
        }
        if (!Double.isNaN(rate)) {
            y += number("lr_amp") * rate;
        }
        if (number("season_period") > 0) {
            y += number("season_size") * Math.sin(2 * Math.PI * t / number("season_period"));
        }
        y += number("sd") * Math.sqrt(12) * (t * whole("mult") % 1000 / 1000.0 - 0.4995);
        if (within(t, "spike_every", "spike_len")) {
            y += number("spike_size");
        }
        if (row.containsKey("round")) {
            double unit = Math.pow(10, number("round"));
            y = Math.floor(y * unit + 0.5) / unit;
        }
        return y;
    }

    private double trend(long t) {
        double s = t + number("offset");
        double stop = number("stop");
        double resume = number("resume");
        if (stop > 0 && s > stop) {
            s = stop + (resume > 0 ? Math.max(0, t + number("offset") - resume) : 0);
        }
        s -= number("start");
        double h = number("h");
        double e = number("e");
        return s < 1 ? h : e + (h - e) * Math.pow(1 + (s - 1) / number("tau"), -number("beta"));
    }

    private boolean within(long t, String every, String length) {
        long period = whole(every);
        return period > 0 && t >= period && t % period < whole(length);
    }

    @Override
    public String toString() {
        return text("series");
    }
}
