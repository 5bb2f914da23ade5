package org.etascope.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    private static double parse(String text) throws NotANumberException {
        return Numbers.parse("loss", text);
    }

    @Test
    void parse_seededNumbersInAllShapes_equalsTheJdksParser() throws NotANumberException {
        Random random = new Random(1);
        String[] formats = {"%.4f", "%.17g", "%e", "%.0f", "%.12f", "%.3E"};
        for (int i = 0; i < 200_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (i % 2 == 0) {
                value = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
            }
            if (Double.isFinite(value)) {
                String text = i % 7 == 0
                        ? Double.toString(value)
                        : String.format(Locale.ROOT, formats[i % formats.length], value);
                if (text.length() <= 400) {
                    assertThat(parse(text)).as(text).isEqualTo(Double.parseDouble(text));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+1.5",
                ".5",
                "5.",
                "1e5",
                "1E-5",
                "1e+05",
                "1e-400",
                "1e999",
                "000123.4500",
                "9007199254740993",
                "123456789012345678901234567890",
                "0.000000000000000000000000000012345"
            })
    void parse_edges_equalTheJdksParser(String text) throws NotANumberException {
        assertThat(parse(text)).isEqualTo(Double.parseDouble(text));
    }

    @Test
    void parse_wordsForNonFinite_areUnderstood() throws NotANumberException {
        assertThat(parse("NaN")).isNaN();
        assertThat(parse("-nan")).isNaN();
        assertThat(parse("inf")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parse("-Infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(parse("-nan(ind)")).isNaN();
        assertThat(parse("nan(ind)")).isNaN();
        assertThat(parse("1.#QNAN")).isNaN();
        assertThat(parse("-1.#IND")).isNaN();
        assertThat(parse("1.#INF")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parse("-1.#INF00")).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "+", ".", "1.2.3", "1e", "1e+", "e5", "1d", "1f", "0x10", "1,5", "1 2", "--1", "1_0"})
    void parse_anythingElse_isRefusedWithNameAndValue(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(NotANumberException.class)
                .hasMessage("loss \"" + text + "\" is not a number");
    }
}
