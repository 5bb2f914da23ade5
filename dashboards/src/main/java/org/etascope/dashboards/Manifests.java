package org.etascope.dashboards;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the Prometheus Operator reads, put together by kustomize. */
final class Manifests {
    private static final String KUSTOMIZE = "kustomize.config.k8s.io/v1beta1";

    private final Times times;

    Manifests(Times times) {
        this.times = times;
    }

    /** {@return rules and alerts, as etascope-rules.yml and etascope-alerts.yml have them} */
    String prometheusRule() {
        return Yaml.of(map(
                "#", "Rules and alerts for the Prometheus Operator, written by the model in dashboards/src.",
                "apiVersion", "monitoring.coreos.com/v1",
                "kind", "PrometheusRule",
                "metadata", map("name", "etascope", "labels", map("app.kubernetes.io/part-of", "etascope")),
                "spec", map("groups", new PrometheusFiles(times).groups())));
    }

    /** {@return what to scrape: every pod with the label, its port by name} */
    String podMonitor() {
        return Yaml.of(map(
                "#",
                "Scrapes every pod that has the label app.kubernetes.io/part-of: etascope and a port named"
                        + " metrics.",
                "apiVersion",
                "monitoring.coreos.com/v1",
                "kind",
                "PodMonitor",
                "metadata",
                map("name", "etascope", "labels", map("app.kubernetes.io/part-of", "etascope")),
                "spec",
                map(
                        "selector", map("matchLabels", map("app.kubernetes.io/part-of", "etascope")),
                        "podMetricsEndpoints",
                                List.of(map(
                                        "port", "metrics",
                                        "path", "/metrics",
                                        "interval", times.of(1),
                                        "#", "A pod's label run would else rename the exposed one.",
                                        "honorLabels", true)))));
    }

    /** {@return rules, what to scrape, who may, the dashboards and a pod that follows logs, as one} */
    String kustomization() {
        return Yaml.of(map(
                "#",
                "kubectl apply -k dashboards/kubernetes; the operator's own selectors may ask for more labels. Without"
                        + " watch where every training has a listener or a sidecar of its own.",
                "apiVersion",
                KUSTOMIZE,
                "kind",
                "Kustomization",
                "resources",
                List.of("prometheusrule.yml", "podmonitor.yml", "networkpolicy.yml", "../grafana", "watch")));
    }

    /** {@return a ConfigMap for each dashboard, with the label that the sidecar of Grafana's chart looks for} */
    static String grafanaKustomization(List<Board> boards) {
        return Yaml.of(map(
                "#",
                "The dashboards as ConfigMaps, found by Grafana's sidecar of the usual charts.",
                "apiVersion",
                KUSTOMIZE,
                "kind",
                "Kustomization",
                "configMapGenerator",
                boards.stream()
                        .map(board -> map("name", board.uid(), "files", List.of("dashboards/" + board.uid() + ".json")))
                        .toList(),
                "generatorOptions",
                map("disableNameSuffixHash", true, "labels", map("grafana_dashboard", "1"))));
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
