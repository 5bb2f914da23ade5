package org.etascope.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.Map;

/** Documents as maps, lists and values, written down as JSON with places for what differs. */
final class Tree {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private Tree() {}

    /**
     * {@return a map in the template's order, which can be added to}
     *
     * @param template a JSON object; names need no quotes, texts may have single ones; each %s is a place
     * @param values what is put into the places, in order: texts, numbers, truth values, or lists and maps of these
     */
    static Map<String, Object> of(String template, Object... values) {
        Object[] places =
                Arrays.stream(values).map(value -> JSON.valueToTree(value)).toArray();
        String json = template.formatted(places);
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + json, e);
        }
    }
}
