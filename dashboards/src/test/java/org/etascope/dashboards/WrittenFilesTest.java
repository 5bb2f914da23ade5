package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is committed is what the model writes; docs/dashboards.md has the command that writes it again. */
class WrittenFilesTest {
    private static final Map<String, String> FILES =
            WriteFiles.files(Times.SHIPPED, Shipped.read(Shipped.DOCS.resolve("alerts.md")));

    @Test
    void committedFiles_everyOne_isWhatTheModelWrites() {
        assertThat(FILES)
                .allSatisfy((path, content) -> assertThat(Shipped.read(Shipped.HOME.resolve(path)))
                        .as(path)
                        .isEqualTo(content));
    }

    @Test
    void committedFolders_hold_nothingElse() {
        List<String> found = new ArrayList<>();
        for (String folder : List.of("grafana/dashboards", "grafana/alerting", "perses")) {
            Shipped.files(Shipped.HOME.resolve(folder), "")
                    .forEach(file -> found.add(folder + "/" + file.getFileName()));
        }
        assertThat(FILES.keySet()).containsAll(found);
    }

    @Test
    void main_anotherScrapeInterval_writesOtherWindows(@TempDir Path directory) throws IOException {
        Path docs = Files.createDirectories(directory.resolve("docs"));
        Files.copy(Shipped.DOCS.resolve("alerts.md"), docs.resolve("alerts.md"));
        WriteFiles.main(new String[] {directory.resolve("dashboards").toString(), "15s"});
        assertThat(Files.readString(directory.resolve("dashboards/prometheus/etascope-alerts.yml")))
                .contains(
                        "increase(etascope_tokens_total[150s]) == 0",
                        "last_over_time(etascope_run_start_timestamp_seconds[105s])")
                .isEqualTo(new PrometheusFiles(new Times(Duration.ofSeconds(15))).alerts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "15", "0s", "-1m"})
    void duration_noInterval_isRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> WriteFiles.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scrape interval is \"" + text + "\", allowed: a time above 0, such as 15s or 1m");
    }
}
