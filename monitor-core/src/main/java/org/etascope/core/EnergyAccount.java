package org.etascope.core;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run has taken. Joules that were measured count, whole or not; a price comes from the times when all was. */
final class EnergyAccount extends StateFields.Part {
    /** The weight of a stretch is its share of the tokens to this power, so that the last fifth of them counts. */
    private static final double RECENT = 4;

    private static final double LEAST_SHARE = 0.01;

    private boolean measured;
    private double joules;
    private double seconds;
    private double coveredJoules;
    private double coveredSeconds;
    private double coveredTokens;
    private double recentJoules;
    private double recentTokens;
    /** At the entry into the plateau that holds, NaN outside of one. */
    private double atPlateau = Double.NaN;

    private boolean shared;
    private final Set<String> parts = new LinkedHashSet<>();
    private @Nullable String reason;
    private long lastTokens;

    void add(EnergyReport report, long tokens, boolean saturated) {
        if (Double.isNaN(atPlateau) == saturated) {
            atPlateau = saturated ? joules : Double.NaN;
        }
        reason = report.reason();
        shared |= report.shared();
        seconds += report.seconds() > 0 ? report.seconds() : 0;
        long trained = Math.max(0, tokens - lastTokens);
        double fading = tokens > 0 ? Math.pow((double) (tokens - trained) / tokens, RECENT) : 1;
        recentJoules *= fading;
        recentTokens *= fading;
        lastTokens = tokens;
        if (!(report.joules() >= 0) || Double.isInfinite(report.joules())) {
            return;
        }
        measured = true;
        joules += report.joules();
        parts.addAll(report.parts());
        if (report.whole()) {
            coveredJoules += report.joules();
            coveredSeconds += report.seconds();
            coveredTokens += trained;
            recentJoules += report.joules();
            recentTokens += trained;
        }
    }

    RunEnergy shown(long tokens) {
        if (!measured) {
            return reason == null
                    ? RunEnergy.NONE
                    : new RunEnergy(
                            Double.NaN,
                            new RunEnergy.Coverage(0, 0, 0),
                            Double.NaN,
                            Double.NaN,
                            Double.NaN,
                            shared,
                            List.of(),
                            reason);
        }
        return new RunEnergy(
                joules,
                new RunEnergy.Coverage(coveredSeconds, seconds > 0 ? coveredSeconds / seconds : 0, coveredTokens),
                perToken(coveredJoules, coveredTokens),
                recentTokens < LEAST_SHARE * tokens ? Double.NaN : perToken(recentJoules, recentTokens),
                joules - atPlateau,
                shared,
                List.copyOf(parts),
                reason);
    }

    /** For a point of the curve. */
    double joules() {
        return measured ? joules : Double.NaN;
    }

    private static double perToken(double joules, double tokens) {
        return tokens > 0 ? joules / tokens : Double.NaN;
    }

    @Override
    void fields(StateFields state) throws IOException {
        measured = state.next(measured);
        joules = state.next(joules);
        seconds = state.next(seconds);
        coveredJoules = state.next(coveredJoules);
        coveredSeconds = state.next(coveredSeconds);
        coveredTokens = state.next(coveredTokens);
        recentJoules = state.next(recentJoules);
        recentTokens = state.next(recentTokens);
        atPlateau = state.next(atPlateau);
        shared = state.next(shared);
        parts.addAll(state.next(List.copyOf(parts), EnergyMeter.MOST_DOMAINS, "", state::next));
    }

    /** What was trained between the last reading and the state that was read is no one's. */
    void goOn(long tokens) {
        lastTokens = tokens;
    }
}
