package org.etascope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        for (Alert alert : Alerts.all()) {
            String chapter = Boards.chapters(RUNBOOK).getOrDefault(alert.name(), "");
            assertThat(chapter)
                    .as(alert.name())
                    .contains("**Fires**", "**Means**", "**Do**", "**Silence**")
                    .contains(alert.hold().equals("0s") ? "at once" : "for ten minutes");
            assertThat(RUNBOOK)
                    .as("the table of severities")
                    .containsPattern("\\| " + alert.severity().label() + " \\|.*\\[" + alert.name() + "]\\(#"
                            + alert.anchor() + "\\)");
        }
        assertThat(Boards.chapters(RUNBOOK)).hasSize(Alerts.all().size());
    }

    @Test
    void guide_everyPanel_hasItsSentenceInOrder() {
        for (Board board : Shipped.boards()) {
            if (board.title().equals("Runbook")) {
                continue;
            }
            String chapter = Boards.chapters(GUIDE).getOrDefault("Etascope / " + board.title(), "");
            List<String> told = Pattern.compile("(?m)^\\| (?!panel)([^|-][^|]*) \\| [^|]+\\. \\|$")
                    .matcher(chapter)
                    .results()
                    .map(row -> row.group(1))
                    .toList();
            assertThat(told)
                    .as(board.title())
                    .isEqualTo(board.panels().stream().map(Panel::title).toList());
        }
    }

    @Test
    void guide_command_writesTheFiles() {
        assertThat(GUIDE).contains("org.etascope.dashboards.WriteFiles");
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

    /** The receiver of the compose file, on another port, gets what Alertmanager would send. */
    @Test
    void compose_anAlert_isPrinted(@TempDir Path directory) throws Exception {
        Map<?, ?> services = (Map<?, ?>) RuleFile.loadYaml(Shipped.read(Shipped.HOME.resolve("compose.yml")))
                .get("services");
        List<?> command = (List<?>) ((Map<?, ?>) services.get("alerts")).get("command");
        int port = Programs.freePort();
        String script = ((String) command.get(2)).replace("5001", Integer.toString(port));
        assertThat(Shipped.read(Shipped.ALERTMANAGER)).contains("http://127.0.0.1:5001/");
        Path printed = directory.resolve("printed");
        Process receiver = Programs.start(printed, (String) command.get(0), command.get(1), script);
        try (Server alertmanager =
                Server.alertmanager(directory, QuickCopy.ofAlertmanager(directory, "127.0.0.1:" + port))) {
            alertmanager.post(
                    "/api/v2/alerts",
                    "[{\"labels\":{\"alertname\":\"EtascopeEtaPlateau\",\"run\":\"char-lm\",\"severity\":\"info\"},"
                            + "\"annotations\":{\"summary\":\"char-lm is flat\"}}]");

            await("the alert")
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(Files.readString(printed)).isEqualTo("firing: char-lm is flat\n"));
        } finally {
            receiver.destroyForcibly();
        }
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
}
