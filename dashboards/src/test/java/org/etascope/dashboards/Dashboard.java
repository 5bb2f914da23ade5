package org.etascope.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One dashboard file.
 *
 * @param uid its file's name without {@code .json}, which must be its uid
 * @param json its content
 */
record Dashboard(String uid, ObjectNode json) {
    /**
     * One expression of a dashboard.
     *
     * @param place the panel or annotation it belongs to, for people
     * @param expression what is asked, with the dashboard's variables in it
     */
    record Query(String place, String expression) {}

    @Override
    public String toString() {
        return uid;
    }

    Dashboard copy() {
        return new Dashboard(uid, json.deepCopy());
    }

    /** {@return the panels that show something, rows left out} */
    List<ObjectNode> panels() {
        return list(json.path("panels"))
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .map(ObjectNode.class::cast)
                .toList();
    }

    /** {@return the annotations that ask Prometheus} */
    List<ObjectNode> annotations() {
        return list(json.path("annotations").path("list"))
                .filter(annotation -> annotation.has("expr"))
                .map(ObjectNode.class::cast)
                .toList();
    }

    List<JsonNode> variables() {
        return list(json.path("templating").path("list")).toList();
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(new Query(
                        uid + ", panel \"" + panel.path("title").asText() + "\"",
                        target.path("expr").asText()));
            }
        }
        for (JsonNode annotation : annotations()) {
            queries.add(new Query(
                    uid + ", annotation \"" + annotation.path("name").asText() + "\"",
                    annotation.path("expr").asText()));
        }
        return queries;
    }

    ObjectNode panel(String title) {
        return panels().stream()
                .filter(panel -> panel.path("title").asText().equals(title))
                .findFirst()
                .orElseThrow();
    }

    static Stream<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
