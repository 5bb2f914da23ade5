package org.etascope.dashboards;

import java.util.LinkedHashMap;
import java.util.Map;

/** The chapters of docs/alerts.md by alert. */
final class Runbook {
    private Runbook() {}

    static Map<String, String> chapters(String markdown) {
        Map<String, String> chapters = new LinkedHashMap<>();
        String[] parts = markdown.split("\n## ", -1);
        for (int i = 1; i < parts.length; i++) {
            String[] titleAndText = parts[i].split("\n", 2);
            chapters.put(titleAndText[0].strip(), titleAndText.length > 1 ? titleAndText[1].strip() : "");
        }
        return chapters;
    }
}
