package org.etascope.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** U is found where an oracle that sees every minibatch as a whole finds it, at the same step, and nowhere else. */
class RepeatsTest {
    private static final int PROOF = 4;
    private static final long TOKENS = 10;

    /** The order of minibatches by their numbers, in epochs; epoch by epoch what comes of it. */
    private static List<Long> found(List<List<Integer>> epochs, List<DataSet> minibatches) {
        Repeats repeats = new Repeats();
        List<Long> found = new ArrayList<>();
        for (List<Integer> epoch : epochs) {
            repeats.epochStarts();
            for (int i : epoch) {
                if (!repeats.found()) {
                    DataSet one = minibatches.get(i);
                    found.add(repeats.add(repeats.mark(one.getFeatures(), one.getLabels()), TOKENS));
                }
            }
        }
        return found;
    }

    private static List<Long> oracle(List<List<Integer>> epochs) {
        List<Long> found = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        int first = -1;
        int latest = -1;
        for (List<Integer> epoch : epochs) {
            int start = all.size();
            for (int i : epoch) {
                all.add(i);
                int n = all.size();
                long u = 0;
                for (int kept : new int[] {first, latest}) {
                    if (u == 0 && kept >= 0 && n >= PROOF && like(all, kept, n - PROOF)) {
                        u = TOKENS * (n - PROOF - kept);
                    }
                }
                found.add(u);
                if (u > 0) {
                    return found;
                }
                if (n == PROOF) {
                    first = telling(all, 0) ? 0 : -1;
                }
                if (n - start == PROOF) {
                    latest = telling(all, start) ? start : -1;
                }
            }
        }
        return found;
    }

    private static boolean like(List<Integer> all, int one, int other) {
        return all.subList(one, one + PROOF).equals(all.subList(other, other + PROOF));
    }

    private static boolean telling(List<Integer> all, int start) {
        return all.subList(start, start + PROOF).stream().distinct().count() > 1;
    }

    /** One-hot, as of characters: most of the values are 0, and some minibatches share the ones that are looked at first. */
    private static List<DataSet> characters() {
        List<DataSet> all = new ArrayList<>(Nets.batches(3));
        DataSet twin = all.get(0).copy();
        twin.getLabels().putScalar(twin.getLabels().length() - 1, 0.5);
        all.add(twin);
        return all;
    }

    private static INDArray random(long seed, int rows, int columns) {
        return Nd4j.create(new Random(seed).doubles((long) rows * columns).toArray(), new long[] {rows, columns});
    }

    private static List<DataSet> dense() {
        return IntStream.range(0, 4)
                .mapToObj(seed -> new DataSet(random(seed, 5, 300), Nd4j.eye(5)))
                .toList();
    }

    /** Parts of one large array, every second column of it. */
    private static List<DataSet> views() {
        INDArray large = random(9, 20, 60);
        return IntStream.range(0, 4)
                .mapToObj(i -> new DataSet(
                        large.get(NDArrayIndex.interval(5 * i, 5 * i + 5), NDArrayIndex.interval(0, 2, 60)),
                        Nd4j.eye(5)))
                .toList();
    }

    /** Nothing but zeros at the places that are looked at, except for the last minibatch. */
    private static List<DataSet> mostlyNothing() {
        List<DataSet> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(new DataSet(Nd4j.zeros(2, 7), Nd4j.zeros(2, 7)));
        }
        all.add(new DataSet(Nd4j.ones(2, 7), Nd4j.zeros(2, 7)));
        return all;
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("characters", characters()),
                Arguments.of("dense", dense()),
                Arguments.of("views", views()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void add_manyOrders_findsWhatTheOracleFinds(String kind, List<DataSet> minibatches) {
        Random random = new Random(7);
        int finds = 0;
        for (int round = 0; round < 300; round++) {
            int length = 1 + random.nextInt(9);
            boolean shuffled = round % 3 == 0;
            List<Integer> epoch =
                    random.ints(length, 0, minibatches.size()).boxed().toList();
            List<List<Integer>> epochs = new ArrayList<>();
            for (int e = 0; e < 4; e++) {
                List<Integer> next = shuffled
                        ? random.ints(length, 0, minibatches.size()).boxed().toList()
                        : epoch;
                // Now and then an epoch ends early.
                epochs.add(random.nextInt(4) == 0 ? next.subList(0, random.nextInt(length) + 1) : next);
            }
            List<Long> expected = oracle(epochs);
            assertThat(found(epochs, minibatches)).as(kind + " " + epochs).isEqualTo(expected);
            finds += expected.get(expected.size() - 1) > 0 ? 1 : 0;
        }
        assertThat(finds).isBetween(150, 299);
    }

    @Test
    void add_minibatchesWithoutAnyValue_areStillToldApartByTheOneThatHasSome() {
        List<List<Integer>> epochs = List.of(List.of(0, 0, 3, 0, 0, 0), List.of(0, 0, 3, 0, 0, 0));
        assertThat(found(epochs, mostlyNothing())).endsWith(6 * TOKENS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mark_anotherMinibatch_isNotMarked(boolean inputs) {
        Repeats repeats = new Repeats();
        List<DataSet> minibatches = Nets.batches(40);
        for (int i = 0; i < 40; i++) {
            DataSet one = minibatches.get(i);
            long mark = repeats.mark(inputs ? one.getFeatures() : null, one.getLabels());
            // The first four, and what comes right behind one of them.
            assertThat(mark == 0).as("minibatch " + i).isEqualTo(i > PROOF);
            assertThat(repeats.add(mark, TOKENS)).isZero();
        }
    }
}
