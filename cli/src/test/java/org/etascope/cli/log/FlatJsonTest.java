package org.etascope.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlatJsonTest {
    private static final int LINES = 200_000;
    private static final String SETTLES = "{\"step\":1,\"loss\":2,\"val_loss\":3,\"lr\":4,\"epoch\":5,\"tokens\":6}";
    private static final List<String> KEYS = List.of(
            "step", "loss", "val_loss", "lr", "epoch", "tokens", "other", "train/loss", "time", "l\\u006fss", "é");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "nul",
            "nullx",
            "NaN",
            "-Infinity",
            "\"text\"",
            "\"3.5\"",
            "\"a\\\"b\"",
            "\"é\"",
            "\"",
            "{}",
            "{\"loss\":1}",
            "[1,2]",
            "-1",
            "-0",
            "+1",
            "01",
            "00",
            "5.",
            ".5",
            "1e",
            "1e+",
            "1.e5",
            "1e-5",
            "2E+3",
            "1e400",
            "0x1",
            "1_0",
            "9007199254740993",
            "123456789012345678901234567890",
            "1.7976931348623159e308",
            "");
    private static final List<String> GAPS = List.of("", "", "", " ", "\t", "  ");
    private static final List<String> TAILS = List.of(" ", "x", "}", ",", "{}");

    private final Random random = new Random(3);

    @Test
    void read_seededLines_readsWhatJacksonReads() {
        JsonLinesLog log = new JsonLinesLog(Map.of());
        JsonLinesLog reference = new JsonLinesLog(Map.of());
        byte[] first = SETTLES.getBytes(UTF_8);
        assertThat(outcome(() -> log.parse(first, 0, first.length, new LossPoint())))
                .isEmpty();
        assertThat(outcome(() -> reference.parsed(first, 0, first.length, new LossPoint())))
                .isEmpty();
        int flat = 0;
        for (int i = 0; i < LINES; i++) {
            String text = line();
            byte[] line = text.getBytes(UTF_8);
            LossPoint actual = new LossPoint();
            LossPoint expected = new LossPoint();
            boolean read = log.flat.read(line, 0, line.length, actual);
            String problem = outcome(() -> reference.parsed(line, 0, line.length, expected));
            if (read) {
                flat++;
                assertThat(problem).as(text).isEmpty();
                assertThat(fields(actual)).as(text).isEqualTo(fields(expected));
            }
        }
        // Many of these lines have something odd; tens of thousands of either kind were tried.
        assertThat(flat).isBetween(LINES / 4, LINES * 9 / 10);
    }

    static List<Object> fields(LossPoint p) {
        // A boxed double equals another one of the same bits, NaN and the sign of zero included.
        return List.of(
                p.step,
                p.hasLoss,
                p.loss,
                p.hasValidation,
                p.validation,
                p.learningRate,
                p.epoch,
                p.tokens,
                p.tokensPerStep,
                p.totalTokens,
                p.totalSamples,
                p.epochMillis,
                p.elapsedMillis);
    }

    private interface Parse {
        void run() throws NotANumberException;
    }

    private static String outcome(Parse parse) {
        try {
            parse.run();
            return "";
        } catch (NotANumberException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder("{");
        int fields = 1 + random.nextInt(4);
        for (int i = 0; i < fields; i++) {
            boolean odd = random.nextInt(24) == 0;
            line.append(i > 0 ? "," : "").append(any(GAPS));
            String key = odd ? any(KEYS) : KEYS.get(random.nextInt(7));
            line.append('"').append(key).append('"');
            line.append(odd ? " : " : random.nextBoolean() ? ": " : ":");
            line.append(random.nextInt(24) == 0 ? any(VALUES) : number(key)).append(any(GAPS));
        }
        return line.append('}').append(random.nextInt(8) == 0 ? any(TAILS) : "").toString();
    }

    private String number(String key) {
        // Counts that are none are refused, so most of them are some.
        boolean count = key.equals("step") || key.equals("tokens");
        return switch (count && random.nextInt(8) > 0 ? 0 : random.nextInt(4)) {
            case 0 -> Integer.toString(random.nextInt(100_000));
            case 1 -> Double.toString(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20));
            case 2 -> Math.round(1e4 * random.nextDouble()) / 1e3 + "";
            default -> Long.toString(random.nextLong() >>> (1 + random.nextInt(62)));
        };
    }

    private String any(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
