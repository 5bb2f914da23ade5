package org.etascope.benchmarks.reallogs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etascope.cli.Main;

/** A public log, with what its own text does not say. */
enum RealLog {
    /** GPT-2 124M by llm.c, 10.26 billion tokens of FineWeb (KellerJordan/modded-nanogpt). */
    LLMC(
            "llmc_gpt2_124M_10B_main.log",
            "^s:(\\d+) trl:(\\S+)",
            0,
            "--params=124475904 --vocab=50257",
            "--planned-steps=19560 --schedule=cosine --warmup-steps=700"),

    /** A model of 17M parameters (openai/parameter-golf), whose second step is at 16.9 nats. */
    PARAMETER_GOLF(
            "pgolf_baseline_17M_sp1024.log",
            "^step:(\\d+)/\\d+ train_loss:(\\S+)",
            1,
            "--params=17059912 --vocab=1024",
            "--planned-steps=13780 --schedule=wsd:" + 12_580 / 13_780.0);

    static final long TOKENS_PER_STEP = 524_288;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String file;
    private final Pattern point;
    private final int firstStep;
    private final String model;
    private final String plan;

    RealLog(String file, String point, int firstStep, String model, String plan) {
        this.file = file;
        this.point = Pattern.compile(point);
        this.firstStep = firstStep;
        this.model = model;
        this.plan = plan;
    }

    /** A line that tells a training loss. */
    record Point(int steps, double loss, String line) {
        /** {@return the line with another loss} */
        String withLoss(double other) {
            return line.replaceFirst("(trl|train_loss):\\S+", "$1:" + other);
        }
    }

    String file() {
        return file;
    }

    /** {@return the log's training points} */
    List<Point> points(Path folder) throws IOException {
        List<Point> points = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(file))) {
            Matcher found = point.matcher(line);
            if (found.find()) {
                points.add(new Point(
                        Integer.parseInt(found.group(1)) + 1 - firstStep, Double.parseDouble(found.group(2)), line));
            }
        }
        return points;
    }

    /** {@return what {@code etascope replay --json --events} says of a log of this kind} */
    JsonNode replay(Path log, boolean planned) throws IOException {
        String options =
                "--json --events --tokens-per-step=" + TOKENS_PER_STEP + " " + model + (planned ? " " + plan : "");
        String[] arguments = ("replay " + log + " " + options).split(" ");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = Main.run(
                arguments,
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
        if (code != 0) {
            throw new IOException(log + ": exit " + code + ", " + errors.toString(StandardCharsets.UTF_8));
        }
        return MAPPER.readTree(out.toByteArray());
    }

    /** {@return the same of lines of this kind} */
    JsonNode replay(List<String> lines, boolean planned) throws IOException {
        Path log = Files.createTempFile("etascope-real-log", ".log");
        try {
            return replay(Files.write(log, lines), planned);
        } finally {
            Files.delete(log);
        }
    }

    /** {@return the log of that file name} */
    static RealLog of(String file) {
        return Arrays.stream(values())
                .filter(log -> log.file.equals(file))
                .findFirst()
                .orElseThrow();
    }
}
