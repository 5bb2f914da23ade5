package org.etascope.dashboards;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A file of recording rules or alerts.
 *
 * @param rules its rules, in order
 */
record RuleFile(List<Rule> rules) {
    /**
     * One recording rule or alert.
     *
     * @param record name of the recorded series, empty for an alert
     * @param alert name of the alert, empty for a recording rule
     * @param expression PromQL
     * @param duration its {@code for}, empty if it has none
     * @param labels labels that an alert adds
     * @param annotations its texts
     */
    record Rule(
            String record,
            String alert,
            String expression,
            String duration,
            Map<String, String> labels,
            Map<String, String> annotations) {
        String name() {
            return record + alert;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    static RuleFile parse(String yaml) {
        List<Rule> rules = new ArrayList<>();
        for (Map<String, Object> group : listOfMaps(loadYaml(yaml).get("groups"))) {
            for (Map<String, Object> rule : listOfMaps(group.get("rules"))) {
                rules.add(new Rule(
                        text(rule.get("record")),
                        text(rule.get("alert")),
                        text(rule.get("expr")),
                        text(rule.get("for")),
                        texts(rule.get("labels")),
                        texts(rule.get("annotations"))));
            }
        }
        return new RuleFile(List.copyOf(rules));
    }

    Rule rule(String name) {
        return rules.stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no rule " + name));
    }

    @SuppressWarnings("unchecked") // what YAML calls a mapping with names
    static Map<String, Object> loadYaml(String yaml) {
        return (Map<String, Object>) new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }

    @SuppressWarnings("unchecked") // what YAML calls a list of mappings with names
    static List<Map<String, Object>> listOfMaps(@Nullable Object list) {
        return list == null ? List.of() : (List<Map<String, Object>>) list;
    }

    @SuppressWarnings("unchecked") // labels and annotations are texts
    private static Map<String, String> texts(@Nullable Object map) {
        return map == null ? Map.of() : (Map<String, String>) map;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
