package org.etascope.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.etascope.core.RunSnapshot;
import org.etascope.recording.CurveCsv;
import org.etascope.recording.Format;
import org.etascope.recording.Journal;
import org.etascope.recording.RunReport;
import org.etascope.recording.SummaryTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a recorded run, and writes it as a report or a table. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Shows a recorded run; writes it as HTML that needs no other file, or as CSV.")
final class ReportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "RUN_DIR|JOURNAL", description = "a run's directory, or the journal in it")
    Path run = Path.of("");

    @Option(names = "--html", paramLabel = "FILE", description = "write the report there")
    @Nullable
    Path html;

    @Option(names = "--csv", paramLabel = "FILE", description = "write the binned curve there")
    @Nullable
    Path csv;

    ReportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Journal journal = read(run);
        RunSnapshot now = journal.recording().snapshot();
        terminal.print("");
        terminal.print("run " + now.info().run() + (now.timeline().ended() ? "" : ", not ended") + ", "
                + Format.si(now.progress().tokens()) + " " + now.info().unit().plural() + ", "
                + Terminal.count(now.progress().steps(), "step"));
        terminal.print("");
        String log = "journal with " + Terminal.count(journal.moments().size(), "moment") + ", "
                + Terminal.count(journal.damagedLines(), "damaged line") + " left out";
        terminal.print(SummaryTable.of(now).baseline().model().fact("log", log));
        written(html, file -> RunReport.write(journal.recording(), file));
        written(csv, file -> {
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                CurveCsv.write(out, journal.recording());
            }
        });
        return 0;
    }

    static Journal read(Path path) {
        try {
            return Journal.read(path);
        } catch (IOException e) {
            // The journal's reader names the file in its message.
            throw Failure.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Writes a file. */
    interface Writing {
        void to(Path file) throws IOException;
    }

    /** Writes a file, where one is asked for. */
    static void written(@Nullable Path file, Writing writing) {
        if (file == null) {
            return;
        }
        try {
            writing.to(file);
        } catch (NoSuchFileException e) {
            throw Failure.failed(file + " cannot be written: its folder does not exist");
        } catch (IOException e) {
            throw Failure.failed(file + " cannot be written: " + Failure.reason(e));
        }
    }
}
