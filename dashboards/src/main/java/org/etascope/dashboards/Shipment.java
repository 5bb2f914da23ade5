package org.etascope.dashboards;

import java.util.LinkedHashMap;
import java.util.Map;

/** The files that are made of the model. */
final class Shipment {
    private Shipment() {}

    /** {@return each file's content by its path under dashboards/} */
    static Map<String, String> files(Times times) {
        Map<String, String> files = new LinkedHashMap<>();
        PrometheusFiles prometheus = new PrometheusFiles(times);
        files.put("prometheus/etascope-rules.yml", prometheus.rules());
        files.put("prometheus/etascope-alerts.yml", prometheus.alerts());
        return files;
    }
}
