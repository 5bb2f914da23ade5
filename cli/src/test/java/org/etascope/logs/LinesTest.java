package org.etascope.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static List<String> lines(InputStream in) throws IOException {
        Lines lines = new Lines(in);
        List<String> read = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            read.add(line);
            assertThat(lines.number()).isEqualTo(read.size());
        }
        return read;
    }

    /** Gives a few bytes at a time, as a pipe may. */
    private static InputStream trickle(byte[] bytes, Random random) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] to, int from, int length) throws IOException {
                return super.read(to, from, Math.min(length, 1 + random.nextInt(5)));
            }
        };
    }

    @Test
    void next_anyEndsAndPieces_givesTheLines() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            List<String> expected = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            int n = random.nextInt(20);
            for (int k = 0; k < n; k++) {
                String line = "x".repeat(random.nextInt(30));
                expected.add(line);
                text.append(line).append(random.nextBoolean() ? "\n" : "\r\n");
            }
            if (random.nextBoolean()) {
                expected.add("last");
                text.append("last");
            }
            assertThat(lines(trickle(text.toString().getBytes(UTF_8), random))).isEqualTo(expected);
        }
    }

    @Test
    void next_lineLongerThanTheBound_isCutAndTheNextOneIsWhole() throws IOException {
        String text = "a\n" + "b".repeat(Lines.LONGEST + 100_000) + "\nc\n" + "d".repeat(Lines.LONGEST);
        List<String> read = lines(new ByteArrayInputStream(text.getBytes(UTF_8)));
        assertThat(read).hasSize(4);
        assertThat(read.get(0)).isEqualTo("a");
        assertThat(read.get(1)).hasSize(Lines.LONGEST);
        assertThat(read.get(2)).isEqualTo("c");
        assertThat(read.get(3)).hasSize(Lines.LONGEST);
    }
}
