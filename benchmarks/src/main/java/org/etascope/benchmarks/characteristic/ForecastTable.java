package org.etascope.benchmarks.characteristic;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.etascope.benchmarks.MarkedSection;

/** Asks made runs for their future and writes the forecast table of {@code docs/operating-characteristic.md}. */
public final class ForecastTable {
    private static final long SEED = 1;
    private static final int RUNS = 400;

    private static final List<RateFamily> FAMILIES = List.of(
            new RateFamily("constant", "constant", 1, 0, 0, false),
            new RateFamily("linear", "linear", 1, 0, 0, false),
            new RateFamily("cosine to 0", "cosine", 1, 0, 0, false),
            new RateFamily("cosine to a tenth", "cosine:0.1", 1, 0, 0, false),
            new RateFamily("constant, decay from 80 %", "wsd:0.8", 1, 0, 0, false),
            new RateFamily("step to a tenth at 60 %", "step:0.6:0.1", 1, 0, 0, false),
            new RateFamily("cosine, AR 0.9", "cosine", 1, 0.9, 0, false),
            new RateFamily("decay gives 2 times more, decay from 80 %", "wsd:0.8", 2, 0, 0, true),
            new RateFamily("inside a decay from 40 %", "wsd:0.4", 1, 0, 0, true),
            new RateFamily("cosine, AR 0.99", "cosine", 1, 0.99, 0, true),
            new RateFamily("constant, new data: + 0.3 nats at 45 %", "constant", 1, 0, 0.3, true));

    private ForecastTable() {}

    /**
     * Starts the program.
     *
     * @param args the page to write into (default: standard output), then runs per family (default 400)
     * @throws IOException if the page cannot be written
     */
    public static void main(String[] args) throws IOException {
        MarkedSection.put(args, "forecast", of(args.length > 1 ? Integer.parseInt(args[1]) : RUNS));
    }

    static String of(int runs) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d runs of each family, %,d steps, asked at a quarter, a half and three quarters; seed %d.%n%n",
                runs,
                RateFamily.STEPS,
                SEED));
        rows(text, runs, false);
        text.append("\nThe limits, for comparison: what the forecast is known to be bad at, or to refuse.\n\n");
        rows(text, runs, true);
        return text.toString();
    }

    private static void rows(StringBuilder text, int runs, boolean limits) {
        text.append("| family | planned end held | width | doubling held | width | decay held | width | refused |\n")
                .append("|---|---:|---:|---:|---:|---:|---:|---:|\n");
        for (RateFamily family : FAMILIES) {
            if (family.limit() == limits) {
                RateFamily.Tally[] tallies = family.run(runs, SEED);
                text.append("| ").append(family.name());
                for (RateFamily.Tally tally : tallies) {
                    text.append(" | ").append(held(tally));
                }
                text.append(String.format(
                        Locale.ROOT,
                        " | %.0f %% |%n",
                        100.0 * tallies[1].refused / (tallies[1].refused + tallies[1].asked)));
            }
        }
    }

    private static String held(RateFamily.Tally tally) {
        if (tally.asked == 0) {
            return "– | –";
        }
        Proportion missed = new Proportion(tally.asked - tally.held, tally.asked);
        return String.format(
                Locale.ROOT,
                "%.1f %% (≥ %.1f) | %.3f",
                100 - 100 * missed.share(),
                100 - 100 * missed.upperLimit(),
                tally.meanWidth());
    }
}
