package org.etascope.dashboards;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files that are made of the model. */
final class Shipment {
    private Shipment() {}

    /**
     * {@return each file's content by its path under dashboards/}
     *
     * @param times the windows of the rules
     * @param runbook docs/alerts.md, whose chapters one dashboard shows
     */
    static Map<String, String> files(Times times, String runbook) {
        Map<String, String> files = new LinkedHashMap<>();
        PrometheusFiles prometheus = new PrometheusFiles(times);
        files.put("prometheus/etascope-rules.yml", prometheus.rules());
        files.put("prometheus/etascope-alerts.yml", prometheus.alerts());
        Manifests manifests = new Manifests(times);
        files.put("kubernetes/prometheusrule.yml", manifests.prometheusRule());
        files.put("kubernetes/podmonitor.yml", manifests.podMonitor());
        files.put("kubernetes/kustomization.yml", Manifests.kustomization());
        files.put("grafana/alerting/etascope.yml", new GrafanaAlerts(times).file());
        List<Board> boards = Boards.all(Runbook.chapters(runbook));
        files.put("grafana/kustomization.yml", Manifests.grafanaKustomization(boards));
        for (Board board : boards) {
            files.put("grafana/dashboards/" + board.uid() + ".json", GrafanaJson.of(board, boards));
            files.put("perses/" + board.uid() + ".yml", PersesYaml.of(board));
        }
        return files;
    }
}
