package org.etascope.cli;

import java.util.List;
import java.util.stream.IntStream;
import org.etascope.core.CurvePoint;
import org.etascope.core.RunSnapshot;
import org.etascope.core.TokenUnit;
import org.etascope.recording.Recording;

/**
 * Runs at equal tokens.
 *
 * <p>A run's loss at D tokens lies on straight lines over ln D between the means of its bins, each at the mean of ln D over
 * the bin's points; from the last bin on between its mean and the loss now. Before the first bin, and beyond the run's last
 * step, it is NaN. Its error is taken from the run's now: that of L, the mean of a window that is as long relative to D.
 *
 * @param runs two or more
 * @param tokens D of each row, doubling up to the largest that all runs have
 */
record Comparison(List<Recording> runs, List<Long> tokens) {
    private static final int ROWS = 10;

    static Comparison of(List<Recording> runs) {
        long last = runs.stream()
                .mapToLong(run -> run.snapshot().progress().tokens())
                .min()
                .orElse(0);
        long first = runs.stream().mapToLong(Comparison::firstTokens).max().orElse(0);
        int rows = 1;
        while (rows < ROWS && last >> rows >= first && last >> rows > 0) {
            rows++;
        }
        return new Comparison(
                runs,
                IntStream.iterate(rows - 1, i -> i >= 0, i -> i - 1)
                        .mapToObj(i -> last >> i)
                        .toList());
    }

    private static long firstTokens(Recording run) {
        return run.curve().isEmpty()
                ? run.snapshot().progress().tokens()
                : (long) Math.ceil(Math.exp(run.curve().get(0).bin().logTokens()));
    }

    /** {@return a run's loss at so many tokens, nats; NaN where it has none} */
    static double lossNats(Recording run, double tokens) {
        RunSnapshot now = run.snapshot();
        double at = Math.log(tokens);
        double x = Double.NaN;
        double y = Double.NaN;
        for (CurvePoint point : run.curve()) {
            double nextX = point.bin().logTokens();
            double nextY = point.bin().mean();
            if (nextX >= at) {
                return nextX == at ? nextY : between(x, y, nextX, nextY, at);
            }
            x = nextX;
            y = nextY;
        }
        double endX = Math.log(now.progress().tokens());
        double current = now.losses().current();
        return at >= endX && at - endX < 1e-12 ? current : at > endX ? Double.NaN : between(x, y, endX, current, at);
    }

    private static double between(double x, double y, double nextX, double nextY, double at) {
        return y + (nextY - y) * (at - x) / (nextX - x);
    }

    /** {@return η of a run at so many tokens by the dataset reading, min(D, U)(H − L)/(N ln 2)} */
    static double etaDataset(Recording run, double tokens) {
        RunSnapshot now = run.snapshot();
        double unique = now.progress().uniqueTokens();
        double fresh = tokens > unique ? unique : tokens;
        double nats = fresh * (now.baseline().nats() - lossNats(run, tokens));
        return nats
                * now.info().convention().informationPerNat()
                / now.info().size().bits();
    }

    /** {@return nats that a doubling of the tokens brought around there, from the run's bins; NaN before the first} */
    static double natsPerDoubling(Recording run, double tokens) {
        double slope = Double.NaN;
        for (CurvePoint point : run.curve()) {
            if (point.tokens() > tokens) {
                break;
            }
            slope = point.slope().natsPerDoubling();
        }
        return slope;
    }

    /** {@return the first D at which a run's loss was that low, its bins' means taken for the curve; NaN if it never was} */
    static double tokensTo(Recording run, double lossNats) {
        double x = Double.NaN;
        double y = Double.NaN;
        for (CurvePoint point : run.curve()) {
            double nextX = point.bin().logTokens();
            double nextY = point.bin().mean();
            if (nextY <= lossNats) {
                return Math.exp(Double.isNaN(x) ? nextX : x + (nextX - x) * (y - lossNats) / (y - nextY));
            }
            x = nextX;
            y = nextY;
        }
        RunSnapshot now = run.snapshot();
        return now.losses().current() <= lossNats ? now.progress().tokens() : Double.NaN;
    }

    /** {@return the loss of a run less that of the first one, at the last row, nats} */
    double difference(int run) {
        double at = tokens.get(tokens.size() - 1);
        return lossNats(runs.get(run), at) - lossNats(runs.get(0), at);
    }

    /** {@return the standard error of that difference; the runs are independent} */
    double differenceError(int run) {
        return Math.hypot(
                runs.get(run).snapshot().losses().currentStandardError(),
                runs.get(0).snapshot().losses().currentStandardError());
    }

    /** {@return the highest of the runs' losses now: all of them have come that far} */
    double lossOfAll() {
        return runs.stream()
                .mapToDouble(run -> run.snapshot().losses().current())
                .max()
                .orElse(Double.NaN);
    }

    /** {@return whether the runs count their losses over different vocabularies, so that nats do not compare} */
    boolean vocabulariesDiffer() {
        return runs.stream()
                        .mapToDouble(run -> run.snapshot().info().vocabularySize())
                        .filter(size -> !Double.isNaN(size))
                        .distinct()
                        .count()
                > 1;
    }

    /** {@return what all runs count as a token; LABEL where they differ, see {@link #unitsDiffer()}} */
    TokenUnit unit() {
        return unitsDiffer() ? TokenUnit.LABEL : runs.get(0).snapshot().info().unit();
    }

    /** {@return whether a token of one run is something else than one of another, so that neither D nor nats compare} */
    boolean unitsDiffer() {
        return runs.stream().map(run -> run.snapshot().info().unit()).distinct().count() > 1;
    }
}
