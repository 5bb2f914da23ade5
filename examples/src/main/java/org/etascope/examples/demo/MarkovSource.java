package org.etascope.examples.demo;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * An endless synthetic text whose true entropy rate is known: a Markov chain in which the last {@code order} symbols
 * decide how likely each next one is. No model can pay less per symbol in the long run, so the loss can be seen to
 * approach it.
 *
 * <p>The chain is drawn from a seed. Each context's next-symbol weights are cubed exponential variates, so that a few
 * symbols are likely and none is impossible: the chain is then ergodic and its stationary distribution π unique. The
 * entropy rate is Σ over contexts c of π(c)·H(next | c), in nats. Windows begin from π and are independent.
 */
final class MarkovSource implements Corpus {
    private static final int MOST_ROUNDS = 10_000;
    private static final double SETTLED = 1e-15;

    private final int symbols;
    private final long seed;
    /** For each context the cumulative probabilities of the next symbol. */
    private final double[][] cumulative;

    private final double[] cumulativeContexts;
    private final Facts facts;

    /**
     * Draws a chain.
     *
     * @param symbols V, at least 2
     * @param order symbols of memory, at least 1
     * @param seed fixes the chain and all of its windows
     */
    MarkovSource(int symbols, int order, long seed) {
        this.symbols = symbols;
        this.seed = seed;
        double[][] next = chain(symbols, (int) Math.pow(symbols, order), new Random(seed));
        double[] contexts = stationary(next);
        double rate = entropyRate(next, contexts);
        this.facts = new Facts(
                "synthetic, Markov order " + order + " (seed " + seed + ")",
                symbols,
                Double.NaN,
                rate,
                Double.doubleToLongBits(rate));
        this.cumulative = Arrays.stream(next).map(MarkovSource::cumulative).toArray(double[][]::new);
        this.cumulativeContexts = cumulative(contexts);
    }

    private static double[][] chain(int symbols, int contexts, Random random) {
        double[][] next = new double[contexts][symbols];
        for (double[] row : next) {
            double sum = 0;
            for (int i = 0; i < symbols; i++) {
                row[i] = Math.pow(-Math.log(1 - random.nextDouble()), 3);
                sum += row[i];
            }
            for (int i = 0; i < symbols; i++) {
                row[i] /= sum;
            }
        }
        return next;
    }

    /** Power iteration: the distribution over contexts that one more symbol leaves as it is. */
    private static double[] stationary(double[][] next) {
        double[] now = new double[next.length];
        Arrays.fill(now, 1.0 / now.length);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            double[] after = step(next, now);
            double moved = 0;
            for (int i = 0; i < now.length; i++) {
                moved += Math.abs(after[i] - now[i]);
            }
            now = after;
            if (moved < SETTLED) {
                break;
            }
        }
        return now;
    }

    private static double[] step(double[][] next, double[] now) {
        double[] after = new double[now.length];
        for (int context = 0; context < now.length; context++) {
            for (int symbol = 0; symbol < next[context].length; symbol++) {
                after[shift(context, symbol, next[context].length, now.length)] += now[context] * next[context][symbol];
            }
        }
        return after;
    }

    /** {@return the context after one more symbol: the oldest falls out} */
    private static int shift(int context, int symbol, int symbols, int contexts) {
        return (context * symbols + symbol) % contexts;
    }

    private static double entropyRate(double[][] next, double[] contexts) {
        double rate = 0;
        for (int context = 0; context < contexts.length; context++) {
            for (double p : next[context]) {
                // A weight can underflow to zero; such a symbol never comes and costs nothing.
                rate -= p > 0 ? contexts[context] * p * Math.log(p) : 0;
            }
        }
        return rate;
    }

    private static double[] cumulative(double[] probabilities) {
        double[] sums = probabilities.clone();
        Arrays.parallelPrefix(sums, Double::sum);
        // Rounding must not leave a gap below 1.
        sums[sums.length - 1] = 1;
        return sums;
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public void window(long index, int[] into) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index);
        int context = draw(cumulativeContexts, random);
        for (int i = 0; i < into.length; i++) {
            into[i] = draw(cumulative[context], random);
            context = shift(context, into[i], symbols, cumulative.length);
        }
    }

    private static int draw(double[] cumulative, SplittableRandom random) {
        int place = Arrays.binarySearch(cumulative, random.nextDouble());
        return place >= 0 ? place + 1 : -place - 1;
    }
}
