package org.etascope.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LocalPrometheusTest {
    @Test
    void hurried_configuration_scrapesTheDemoEachSecondAndTellsNobody() {
        String yaml = """
                global:
                  scrape_interval: 15s
                  evaluation_interval: 15s

                rule_files:
                  - etascope-rules.yml

                alerting:
                  alertmanagers:
                    - static_configs:
                        - targets:
                            - 127.0.0.1:9093

                scrape_configs:
                  - job_name: etascope
                    static_configs:
                      - targets:
                          - 127.0.0.1:9464
                """;

        assertThat(LocalPrometheus.hurried(yaml, "127.0.0.1:12345")).isEqualTo("""
                global:
                  scrape_interval: 1s
                  evaluation_interval: 1s

                rule_files:
                  - etascope-rules.yml

                scrape_configs:
                  - job_name: etascope
                    static_configs:
                      - targets:
                          - 127.0.0.1:12345
                """);
    }

    @Test
    void hurried_rules_waitSecondsAndChangeNothingElse() {
        String rule = "      - alert: A\n        expr: max_over_time(x[2m]) == 1\n        for: 5m\n        labels:\n";

        assertThat(LocalPrometheus.hurried(rule, "x")).isEqualTo(rule.replace("for: 5m", "for: 5s"));
    }

    @Test
    void firing_answerOfPrometheus_keepsTheFiringOnes() throws IOException {
        String json = """
                {"status":"success","data":{"alerts":[
                {"labels":{"alertname":"EtascopeEtaPlateau","run":"a","severity":"info"},
                 "annotations":{"description":"d","summary":"s"},
                 "state":"firing","activeAt":"2026-01-01T00:00:00Z","value":"1e+00"},
                {"labels":{"alertname":"EtascopeLossRising","severity":"warning"},"annotations":{},
                 "state":"pending","value":"1e+00"}]}}
                """;

        assertThat(LocalPrometheus.firing(json))
                .containsExactly(new LocalPrometheus.Alert("EtascopeEtaPlateau", "info", "s", "d"));
        assertThat(LocalPrometheus.firing("{\"status\":\"success\",\"data\":{\"alerts\":[]}}"))
                .isEmpty();
    }
}
