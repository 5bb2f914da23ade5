package org.etascope.dashboards;

import java.util.List;

/** What the Prometheus Operator reads, put together by kustomize. */
final class Manifests {
    private Manifests() {}

    /** {@return rules and alerts, as etascope-rules.yml and etascope-alerts.yml have them} */
    static String prometheusRule(PrometheusFiles files) {
        return Yaml.of(Tree.of("""
                {'#': 'Rules and alerts for the Prometheus Operator, written by the model in dashboards/src.',
                 apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule',
                 metadata: {name: 'etascope', labels: {'app.kubernetes.io/part-of': 'etascope'}},
                 spec: {groups: %s}}""", files.groups()));
    }

    /** {@return what to scrape: every pod with the label, its port by name} */
    static String podMonitor(Times times) {
        return Yaml.of(Tree.of("""
                {'#': 'Scrapes every pod that has the label app.kubernetes.io/part-of: etascope and a port named metrics.',
                 apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor',
                 metadata: {name: 'etascope', labels: {'app.kubernetes.io/part-of': 'etascope'}},
                 spec: {
                   selector: {matchLabels: {'app.kubernetes.io/part-of': 'etascope'}},
                   podMetricsEndpoints: [{
                     port: 'metrics', path: '/metrics', interval: %s,
                     '#': "A pod's label run would else rename the exposed one.", honorLabels: true}]}}""", times.of(1)));
    }

    /** {@return rules, what to scrape, who may, the dashboards and a pod that follows logs, as one} */
    static String kustomization() {
        return Yaml.of(Tree.of(
                """
                {'#': %s, apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization',
                 resources: ['prometheusrule.yml', 'podmonitor.yml', 'networkpolicy.yml', '../grafana', 'watch']}""",
                "kubectl apply -k dashboards/kubernetes; the operator's own selectors may ask for more labels. Without"
                        + " watch where every training has a listener or a sidecar of its own."));
    }

    /** {@return a ConfigMap for each dashboard, with the label that the sidecar of Grafana's chart looks for} */
    static String grafanaKustomization(List<Board> boards) {
        List<?> maps = boards.stream()
                .map(board -> Tree.of("{name: %s, files: [%s]}", board.uid(), "dashboards/" + board.uid() + ".json"))
                .toList();
        return Yaml.of(Tree.of("""
                {'#': "The dashboards as ConfigMaps, found by Grafana's sidecar of the usual charts.",
                 apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', configMapGenerator: %s,
                 generatorOptions: {disableNameSuffixHash: true, labels: {grafana_dashboard: '1'}}}""", maps));
    }
}
