package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class BatchesTest {
    private static int symbolAt(INDArray oneHot, int row, int t) {
        int found = -1;
        for (int symbol = 0; symbol < oneHot.size(1); symbol++) {
            if (oneHot.getDouble(row, symbol, t) == 1) {
                assertThat(found).as("one symbol per place").isEqualTo(-1);
                found = symbol;
            } else {
                assertThat(oneHot.getDouble(row, symbol, t)).isZero();
            }
        }
        return found;
    }

    @Test
    void at_anyStep_holdsTheCorpusWindowsWithLabelsOneAhead() {
        MarkovSource source = new MarkovSource(6, 1, 5);
        DataSet batch = new Batches(source, 3, 4).at(10);

        assertThat(batch.getFeatures().shape()).containsExactly(3, 6, 4);
        assertThat(batch.getLabels().shape()).containsExactly(3, 6, 4);
        int[] window = new int[5];
        for (int row = 0; row < 3; row++) {
            source.window(30 + row, window);
            for (int t = 0; t < 4; t++) {
                assertThat(symbolAt(batch.getFeatures(), row, t)).isEqualTo(window[t]);
                assertThat(symbolAt(batch.getLabels(), row, t)).isEqualTo(window[t + 1]);
            }
        }
    }
}
