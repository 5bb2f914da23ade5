package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two documents of this module, and the configurations that no program here reads. */
class DocumentsTest {
    private static final String RUNBOOK = Shipped.read(Shipped.DOCS.resolve("alerts.md"));
    private static final String GUIDE = Shipped.read(Shipped.DOCS.resolve("dashboards.md"));

    @Test
    void runbook_everyAlert_saysWhenWhyAndWhatToDo() {
        for (RuleFile.Rule alert : Shipped.alerts().rules()) {
            String chapter = RUNBOOK.split("\n## " + alert + "\n", 2)[1].split("\n## ", 2)[0];
            assertThat(chapter)
                    .as(alert.name())
                    .contains("**Fires**", "**Means**", "**Do**", "**Silence**", sayable(alert.duration()));
            assertThat(RUNBOOK)
                    .as("the table of severities")
                    .containsPattern("\\| " + alert.labels().get("severity") + " \\|.*\\[" + alert + "]\\(#"
                            + alert.name().toLowerCase(Locale.ROOT) + "\\)");
        }
    }

    /** The runbook says "5 minutes", or "2" where the word stands before it. */
    private static String sayable(String duration) {
        return duration.replace("m", "");
    }

    @Test
    void runbook_commandsForShorterTimes_giveAValidConfiguration(@TempDir Path directory) throws Exception {
        String block = fenced(RUNBOOK).stream()
                .filter(code -> code.contains("sed"))
                .findFirst()
                .orElseThrow();
        String commands = block.lines()
                .filter(line -> !line.startsWith("prometheus "))
                .reduce("set -e", (all, line) -> all + "\n" + line)
                .replace("/tmp/quick", directory.toString());
        Process bash = new ProcessBuilder("bash", "-c", commands)
                .directory(Shipped.HOME.resolve("..").toFile())
                .inheritIO()
                .start();
        assertThat(bash.waitFor()).isZero();
        assertThat(Files.readString(directory.resolve("etascope-alerts.yml")))
                .contains("for: 5s")
                .doesNotContain("for: 5m");
        assertThat(Files.readString(directory.resolve("prometheus.yml")))
                .contains("scrape_interval: 1s", "evaluation_interval: 1s");
        assertThat(Programs.run("promtool", "check", "config", directory.resolve("prometheus.yml"))
                        .exit())
                .isZero();
    }

    @Test
    void guide_everyPanel_hasItsSentenceInOrder() {
        for (Dashboard dashboard : Shipped.dashboards()) {
            String title = dashboard.json().path("title").asText();
            String chapter =
                    GUIDE.split("\n## " + Pattern.quote(title) + "\n", 2)[1].split("\n## ", 2)[0];
            List<String> told = Pattern.compile("(?m)^(?:\\| (?!panel)([^|-][^|]*) \\| [^|]+\\. \\||\\*\\*(.+)\\*\\*)$")
                    .matcher(chapter)
                    .results()
                    .map(row -> row.group(1) == null ? row.group(2) : row.group(1))
                    .toList();
            assertThat(told)
                    .isEqualTo(Dashboard.list(dashboard.json().path("panels"))
                            .map(panel -> panel.path("title").asText())
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"alerts.md", "dashboards.md"})
    void links_toFilesOfTheRepository_leadSomewhere(String document) {
        List<String> links = Pattern.compile("]\\(([^)#]+)(?:#[^)]*)?\\)")
                .matcher(Shipped.read(Shipped.DOCS.resolve(document)))
                .results()
                .map(link -> link.group(1))
                .toList();
        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(Shipped.DOCS.resolve(link)).exists());
    }

    @Test
    void compose_everyMountedFolder_existsAndEverythingStaysOnLoopback() {
        String compose = Shipped.read(Shipped.HOME.resolve("compose.yml"));
        List<MatchResult> mounts =
                Pattern.compile("- \\./(\\S+?):").matcher(compose).results().toList();
        assertThat(mounts)
                .hasSize(4)
                .allSatisfy(mount ->
                        assertThat(Shipped.HOME.resolve(mount.group(1))).isDirectory());
        assertThat(compose)
                .contains(
                        "--web.listen-address=127.0.0.1:9090",
                        "--web.listen-address=127.0.0.1:9093",
                        "GF_SERVER_HTTP_ADDR: 127.0.0.1")
                .contains("./grafana/dashboards:" + provider().path("path").asText());
    }

    private static JsonNode provider() {
        Map<String, Object> yaml =
                RuleFile.loadYaml(Shipped.read(Shipped.GRAFANA.resolve("provisioning/dashboards/etascope.yml")));
        return new ObjectMapper()
                .valueToTree(RuleFile.listOfMaps(yaml.get("providers")).get(0))
                .path("options");
    }

    @Test
    void dataSource_ofTheComposeFile_isItsPrometheus() {
        assertThat(Shipped.read(Shipped.GRAFANA.resolve("provisioning/datasources/etascope.yml")))
                .contains("type: prometheus", "url: http://127.0.0.1:9090");
    }

    private static List<String> fenced(String document) {
        return Pattern.compile("(?s)```\n(.*?)```")
                .matcher(document)
                .results()
                .map(code -> code.group(1))
                .toList();
    }
}
