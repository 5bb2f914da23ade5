package org.etascope.cli;

import com.fasterxml.jackson.databind.util.RawValue;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.etascope.core.RunSnapshot;
import org.etascope.recording.Format;
import org.etascope.recording.Json;
import org.etascope.recording.Recording;
import org.etascope.recording.RunFiles;
import org.etascope.recording.RunJson;
import org.etascope.recording.RunReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lays runs side by side at equal tokens. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Lays runs side by side at equal tokens.",
        footer = {
            "",
            "A RUN is a run's directory, its journal, or a log. What is said of logs holds for",
            "all of them: compare a.log b.log --params 124M --tokens-per-step 524288"
        })
final class CompareCommand implements Callable<Integer> {
    private static final int LONGEST_NAME = 20;
    private static final int HEAD_WIDTH = 10;

    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "two runs or more, in as many places or in one")
    List<Path> runs = new ArrayList<>();

    @Mixin
    StreamOptions options = new StreamOptions();

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    @Option(names = "--csv", paramLabel = "FILE", description = "write the losses at equal tokens there")
    @Nullable
    Path csv;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "write a page with the curves there that needs no other file")
    @Nullable
    Path html;

    CompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<Recording> all = new ArrayList<>();
        for (Path place : runs) {
            recordings(place).forEach(run -> all.add(run.withRun(unused(all, run, place))));
        }
        if (all.size() < 2) {
            throw Failure.usage("compare needs two runs or more, " + runs.get(0) + " holds one.");
        }
        Comparison comparison = Comparison.of(all);
        ReportCommand.written(csv, file -> write(comparison, file));
        ReportCommand.written(html, file -> Files.writeString(file, RunReport.html(all)));
        if (json) {
            terminal.out().println(json(comparison));
        } else {
            print(comparison);
        }
        return 0;
    }

    /** {@return the run's name, with its folder's and at last a number before or behind it where it is taken} */
    private static String unused(List<Recording> all, Recording run, Path place) {
        Set<String> names = all.stream().map(one -> one.snapshot().info().run()).collect(Collectors.toSet());
        String name = run.snapshot().info().run();
        Path folder = place.toAbsolutePath().normalize().getParent();
        String longer = folder == null || folder.getFileName() == null ? name : folder.getFileName() + "/" + name;
        return Stream.concat(
                        Stream.of(name, longer),
                        IntStream.iterate(2, i -> i + 1).mapToObj(i -> longer + "-" + i))
                .filter(one -> !names.contains(one))
                .findFirst()
                .orElseThrow();
    }

    private Stream<Recording> recordings(Path path) {
        if (Files.isDirectory(path) || String.valueOf(path.getFileName()).equals(RunFiles.JOURNAL)) {
            return Stream.of(ReportCommand.read(path).recording());
        }
        try {
            // A log without times has no speed, and is of now.
            Replay.Times times = new Replay.Times(0, html == null ? -1 : System.currentTimeMillis(), false);
            return new Replay(path.toString(), options, terminal, times)
                    .read(InputStream.nullInputStream()).stream().map(run -> Recording.of(run.monitor()));
        } catch (IOException e) {
            throw Failure.failed(path + " cannot be read: " + Failure.reason(e));
        }
    }

    // ---- for people: a row for each D, a column for each run ----

    private void print(Comparison comparison) {
        int columns = terminal.screen().columns();
        int all = comparison.runs().size();
        int beside = columns == 0 ? all : Math.max(1, (columns - HEAD_WIDTH) / (LONGEST_NAME + 2));
        for (int i = 0; i < all; i += beside) {
            table(comparison, comparison.runs().subList(i, Math.min(all, i + beside)));
        }
        terminal.print("");
        if (comparison.vocabulariesDiffer()) {
            terminal.print("  the vocabularies differ: nats per "
                    + comparison.unit().label() + " of these runs do not compare");
        }
        if (comparison.unitsDiffer()) {
            terminal.print("  the runs count different things ("
                    + comparison.runs().stream()
                            .map(run -> run.snapshot().info().unit().plural())
                            .distinct()
                            .collect(Collectors.joining(", "))
                    + "): neither their counts nor their nats compare");
        }
        for (int i = 0; i < comparison.runs().size(); i++) {
            print(comparison, i);
        }
    }

    private void table(Comparison comparison, List<Recording> beside) {
        StringBuilder names = new StringBuilder(" ".repeat(HEAD_WIDTH));
        StringBuilder heads = new StringBuilder(
                String.format(Locale.ROOT, "%10s", comparison.unit().plural()));
        for (Recording run : beside) {
            String name = run.snapshot().info().run();
            String shown = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME - 1) + "." : name;
            names.append(String.format(Locale.ROOT, "  %" + LONGEST_NAME + "s", shown));
            heads.append(String.format(Locale.ROOT, "  %10s %9s", "loss", "nats/2x"));
        }
        terminal.print("");
        terminal.print(names.toString());
        terminal.print(heads.toString());
        for (long tokens : comparison.tokens()) {
            StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%10s", Format.si(tokens)));
            for (Recording run : beside) {
                row.append(String.format(
                        Locale.ROOT,
                        "  %10s %9s",
                        Format.fixed(Comparison.lossNats(run, tokens), 4),
                        Format.fixed(Comparison.natsPerDoubling(run, tokens), 3)));
            }
            terminal.print(row.toString());
        }
    }

    private void print(Comparison comparison, int i) {
        Recording run = comparison.runs().get(i);
        RunSnapshot now = run.snapshot();
        terminal.print("  " + now.info().run());
        terminal.print("    at its end, " + Format.si(now.progress().tokens()) + " "
                + now.info().unit().plural() + ": loss "
                + Format.withError(now.losses().current(), now.losses().currentStandardError()) + ", η "
                + Format.significant(now.ledger().eta()));
        terminal.print("    " + now.verdict().sentence());
        double tokens = Comparison.tokensTo(run, comparison.lossOfAll());
        terminal.print("    loss " + Format.fixed(comparison.lossOfAll(), 4) + " after "
                + (Double.isNaN(tokens)
                        ? "more than it has seen"
                        : Format.si(tokens) + " " + now.info().unit().plural()));
        if (i > 0 && !comparison.unitsDiffer()) {
            terminal.print("    at equal " + comparison.unit().plural() + " "
                    + Format.withError(comparison.difference(i), comparison.differenceError(i)) + " nats above "
                    + comparison.runs().get(0).snapshot().info().run());
        }
    }

    // ---- for programs ----

    private static void write(Comparison comparison, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("run,tokens,loss_nats,nats_per_doubling\n");
            for (Recording run : comparison.runs()) {
                String name = run.snapshot().info().run().replace("\"", "\"\"");
                for (long tokens : comparison.tokens()) {
                    out.write("\"" + name + "\"," + tokens + "," + Comparison.lossNats(run, tokens) + ","
                            + Comparison.natsPerDoubling(run, tokens) + "\n");
                }
            }
        }
    }

    private static String json(Comparison comparison) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tokens", comparison.tokens());
        json.put("vocabularies_differ", comparison.vocabulariesDiffer());
        json.put("units_differ", comparison.unitsDiffer());
        json.put("loss_of_all_nats", comparison.lossOfAll());
        json.put(
                "runs",
                IntStream.range(0, comparison.runs().size())
                        .mapToObj(i -> run(comparison, i))
                        .toList());
        return Json.text(json);
    }

    private static Map<String, Object> run(Comparison comparison, int i) {
        Recording run = comparison.runs().get(i);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run", run.snapshot().info().run());
        json.put("loss_nats", column(comparison, tokens -> Comparison.lossNats(run, tokens)));
        json.put("nats_per_doubling", column(comparison, tokens -> Comparison.natsPerDoubling(run, tokens)));
        json.put("eta_dataset", column(comparison, tokens -> Comparison.etaDataset(run, tokens)));
        json.put("tokens_to_loss_of_all", Comparison.tokensTo(run, comparison.lossOfAll()));
        json.put("difference_nats", comparison.difference(i));
        json.put("difference_standard_error_nats", i == 0 ? 0 : comparison.differenceError(i));
        json.put("end", new RawValue(RunJson.replay(run.snapshot())));
        return json;
    }

    private static List<Double> column(Comparison comparison, Function<Long, Double> of) {
        return comparison.tokens().stream().map(of).toList();
    }
}
