package org.etascope.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.etascope.core.CurvePoint;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.etascope.logs.LogFormat;
import org.etascope.recording.Format;
import org.etascope.recording.Recording;
import org.etascope.recording.RunJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lays runs side by side at equal tokens. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Lays runs side by side at equal tokens.",
        footer = {
            "",
            "A RUN is a run's directory, its journal, a log with its options beside it",
            "(run.log and run.log.yaml), or such an options file that names its log with",
            "\"file:\". The keys are replay's options without dashes:",
            "  file: run.log",
            "  params: 124475904",
            "  tokens-per-step: 524288"
        })
final class CompareCommand implements Callable<Integer> {
    private static final int ROWS = 10;

    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", arity = "2..*", description = "two runs or more")
    List<Path> runs = new ArrayList<>();

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    CompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<Recording> recordings =
                runs.stream().map(this::recording).toList();
        long[] tokens = grid(recordings);
        if (json) {
            terminal.out().println(json(recordings, tokens));
        } else {
            print(recordings, tokens);
        }
        return 0;
    }

    private Recording recording(Path path) {
        RunOptionsFile log = RunOptionsFile.of(path);
        return log == null ? recorded(path) : replayed(log);
    }

    private static Recording recorded(Path path) {
        try {
            return ReportCommand.read(path).recording();
        } catch (Failure e) {
            throw Files.isRegularFile(path)
                    ? Failure.failed(e.getMessage() + ". A log needs its options beside it, in " + path.getFileName()
                            + ".yaml, see etascope compare --help.")
                    : e;
        }
    }

    private Recording replayed(RunOptionsFile log) {
        String file = log.log().toString();
        try {
            List<ReplayedRun> runs =
                    new Replay(file, log.options(), terminal, 1, false).read(InputStream.nullInputStream());
            return Recording.of(runs.get(runs.size() - 1).monitor());
        } catch (IOException e) {
            throw Failure.failed(file + " cannot be read: " + Failure.reason(e));
        }
    }

    /** Doubling counts of tokens, up to the largest that all runs have. */
    private static long[] grid(List<Recording> recordings) {
        long last = recordings.stream()
                .mapToLong(run -> run.snapshot().progress().tokens())
                .min()
                .orElse(0);
        long first = recordings.stream()
                .mapToLong(
                        run -> run.curve().isEmpty() ? last : run.curve().get(0).tokens())
                .max()
                .orElse(0);
        int rows = 1;
        while (rows < ROWS && last >> rows >= first && last >> rows > 0) {
            rows++;
        }
        long[] tokens = new long[rows];
        for (int i = 0; i < rows; i++) {
            tokens[i] = last >> (rows - 1 - i);
        }
        return tokens;
    }

    /** The last closed bin at or before so many tokens: what was known of the run then. */
    private static @Nullable CurvePoint at(Recording run, long tokens) {
        CurvePoint found = null;
        for (CurvePoint point : run.curve()) {
            if (point.tokens() > tokens) {
                break;
            }
            found = point;
        }
        return found;
    }

    private static double value(Recording run, long tokens, ToDoubleFunction<CurvePoint> of) {
        CurvePoint point = at(run, tokens);
        return point == null ? Double.NaN : of.applyAsDouble(point);
    }

    private void print(List<Recording> recordings, long[] tokens) {
        StringBuilder names = new StringBuilder(String.format(Locale.ROOT, "%12s", ""));
        StringBuilder heads = new StringBuilder(String.format(Locale.ROOT, "%12s", "tokens"));
        for (Recording run : recordings) {
            String name = run.snapshot().info().run();
            String shown = name.length() > 24 ? name.substring(0, 23) + "." : name;
            names.append(String.format(Locale.ROOT, "   %24s", shown));
            heads.append(String.format(Locale.ROOT, "   %8s %7s %7s", "loss", "η", "nats/2x"));
        }
        terminal.print("");
        terminal.print(names.toString());
        terminal.print(heads.toString());
        for (long d : tokens) {
            StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%12s", Format.si(d)));
            for (Recording run : recordings) {
                row.append(String.format(
                        Locale.ROOT,
                        "   %8s %7s %7s",
                        Format.fixed(value(run, d, CurvePoint::currentLossNats), 4),
                        Format.significant(value(run, d, point -> point.ledger(run.snapshot()).eta())),
                        Format.fixed(value(run, d, point -> point.slope().natsPerDoubling()), 3)));
            }
            terminal.print(row.toString());
        }
        terminal.print("");
        for (Recording run : recordings) {
            RunSnapshot now = run.snapshot();
            terminal.print("  " + now.info().run() + " at its end, "
                    + Format.si(now.progress().tokens())
                    + " tokens: loss " + Format.fixed(now.losses().current(), 4) + ", η "
                    + Format.significant(now.ledger().eta()) + ", "
                    + now.verdict().sentence());
        }
    }

    private static String json(List<Recording> recordings, long[] tokens) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeFieldName("tokens");
            json.writeArray(tokens, 0, tokens.length);
            json.writeArrayFieldStart("runs");
            for (Recording run : recordings) {
                json.writeStartObject();
                json.writeStringField("run", run.snapshot().info().run());
                column(json, "current_loss_nats", run, tokens, CurvePoint::currentLossNats);
                column(json, "eta", run, tokens, p -> p.ledger(run.snapshot()).eta());
                column(json, "eta_absorbed", run, tokens, p -> p.ledger(run.snapshot()).absorbed().eta());
                column(json, "eta_dataset", run, tokens, p -> p.ledger(run.snapshot()).dataset().eta());
                json.writeFieldName("end");
                json.writeRawValue(RunJson.replay(run.snapshot()));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void column(
            JsonGenerator json, String name, Recording run, long[] tokens, ToDoubleFunction<CurvePoint> of)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (long d : tokens) {
            double value = value(run, d, of);
            if (Double.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeNull();
            }
        }
        json.writeEndArray();
    }
}
