package org.etascope.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.etascope.core.Outcome;
import org.etascope.core.RunMonitor;
import org.etascope.core.RunSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedRunsTest {
    @TempDir
    Path folder;

    private static RunMonitor trained(String name, int steps) {
        RunMonitor run = RunMonitor.builder(name).clock(() -> 1_000L * steps).build();
        for (int t = 1; t <= steps; t++) {
            run.step(100, 1 + 3 / Math.sqrt(t), 1_000L * (steps + t));
        }
        return run;
    }

    private static RunMonitor recorded(Path directory, String name, int steps) {
        RunMonitor run = trained(name, steps);
        try (JournalWriter journal = JournalWriter.start(run, directory)) {
            run.end(Outcome.FINISHED);
            journal.look();
        }
        return run;
    }

    private RecordedRuns looked() throws IOException {
        RecordedRuns runs = new RecordedRuns(folder);
        await().until(() -> !runs.runs().isEmpty());
        return runs;
    }

    private static List<String> names(RecordedRuns runs) {
        return runs.runs().stream().map(run -> run.info().run()).toList();
    }

    @Test
    void runs_inFoldersBelow_latestBegunFirstEachWithItsCurve() throws Exception {
        recorded(folder.resolve("a"), "a", 100);
        RunMonitor b = recorded(folder.resolve("group/b"), "<b> & \"c\"", 300);
        recorded(folder.resolve("x/y/z"), "third level", 200);
        recorded(folder.resolve("x/y/z/too"), "too deep", 50);

        RecordedRuns runs = looked();

        assertThat(names(runs)).containsExactly("<b> & \"c\"", "third level", "a");
        assertThat(runs.find("<b> & \"c\"")).hasValue(Recording.of(b));
        assertThat(runs.find("too deep")).isEmpty();
        assertThat(runs.find("../a")).isEmpty();
    }

    @Test
    void runs_folderOfOneRun_isThatRun() throws Exception {
        recorded(folder, "a", 100);

        assertThat(names(looked())).containsExactly("a");
    }

    @Test
    void runs_ofOneName_areToldApartByTheirFolders() throws Exception {
        recorded(folder.resolve("cv"), "cv", 100);
        RunMonitor old = recorded(folder.resolve("old/cv"), "cv", 200);

        RecordedRuns runs = looked();

        assertThat(names(runs)).containsExactly("cv (old/cv)", "cv (cv)");
        assertThat(runs.find("cv")).isEmpty();
        assertThat(runs.find("cv (old/cv)")).hasValue(Recording.of(old).withRun("cv (old/cv)"));
    }

    @Test
    void runs_behindLinks_areNotShown(@TempDir Path outside) throws Exception {
        recorded(folder.resolve("a"), "a", 100);
        recorded(outside.resolve("secret"), "secret", 100);
        Files.createSymbolicLink(folder.resolve("link"), outside.resolve("secret"));
        Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("file")).resolve(RunFiles.JOURNAL),
                outside.resolve("secret").resolve(RunFiles.JOURNAL));
        Path linkToAll = Files.createSymbolicLink(outside.resolve("runs"), folder);

        assertThat(names(looked())).containsExactly("a");
        RecordedRuns throughLink = new RecordedRuns(linkToAll);
        await().until(() -> names(throughLink).equals(List.of("a")));
    }

    @Test
    void runs_unreadableAndTornJournals_leaveTheOthers() throws Exception {
        recorded(folder.resolve("a"), "a", 100);
        for (byte[] bytes : List.of(new byte[0], new byte[100_000], "{}\n".getBytes(UTF_8))) {
            Path run = Files.createDirectory(folder.resolve("bad" + bytes.length));
            Files.write(run.resolve(RunFiles.JOURNAL), bytes);
        }
        Files.createDirectories(folder.resolve("directory").resolve(RunFiles.JOURNAL));

        assertThat(names(looked())).containsExactly("a");
    }

    @Test
    void runs_thatThisProcessWrites_areItsOwnAffair() throws Exception {
        recorded(folder.resolve("a"), "a", 100);
        RunMonitor live = trained("live", 100);
        try (JournalWriter journal = JournalWriter.start(live, folder.resolve("live"))) {
            journal.look();
            assertThat(names(looked())).containsExactly("a");
        }
        live.close();
    }

    @Test
    void runs_aJournalThatCameLater_isFound() throws Exception {
        recorded(folder.resolve("a"), "a", 100);
        RecordedRuns runs = looked();

        recorded(folder.resolve("b"), "b", 200);

        await().atMost(Duration.ofSeconds(30)).until(() -> names(runs).equals(List.of("b", "a")));
        assertThat(runs.find("b")
                        .map(Recording::snapshot)
                        .map(RunSnapshot::timeline)
                        .orElseThrow()
                        .outcome())
                .isEqualTo(Outcome.FINISHED);
    }

    @Test
    void folder_thatIsNone_isRefused() {
        assertThatThrownBy(() -> new RecordedRuns(folder.resolve("none"))).isInstanceOf(NotDirectoryException.class);
    }
}
