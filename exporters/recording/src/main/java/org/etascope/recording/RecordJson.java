package org.etascope.recording;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.etascope.core.Condition;
import org.etascope.core.Forecast;
import org.jspecify.annotations.Nullable;

/**
 * Any of the core's records as a JSON object and back, without loss: keys are the components' names in lower case with
 * underscores, enums their labels. NaN is {@code null}, an infinity the string that Java prints for it. Keys that a
 * record does not have are ignored, and a missing number is NaN, so that journals outlive changes of the core.
 */
final class RecordJson {
    private RecordJson() {}

    static void write(JsonGenerator json, Record value) throws IOException {
        json.writeStartObject();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            json.writeFieldName(key(component.getName()));
            writeValue(json, get(component, value));
        }
        json.writeEndObject();
    }

    private static @Nullable Object get(RecordComponent component, Record value) throws IOException {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IOException("cannot read " + component, e);
        }
    }

    private static void writeValue(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof Record nested) {
            write(json, nested);
        } else if (value instanceof Forecast forecast) {
            write(json, forecast.answers());
        } else if (value instanceof Double number) {
            writeDouble(json, number);
        } else if (value instanceof Long || value instanceof Integer) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof OptionalLong optional) {
            writeValue(json, optional.isPresent() ? optional.getAsLong() : null);
        } else if (value instanceof Set<?> set) {
            json.writeStartArray();
            for (Object element : set) {
                writeValue(json, element);
            }
            json.writeEndArray();
        } else {
            json.writeString(value instanceof Enum<?> constant ? label(constant) : (String) value);
        }
    }

    private static void writeDouble(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeString(Double.isNaN(value) ? null : Double.toString(value));
        }
    }

    /** {@return the value at the parser: an object as a map, an array as a list} */
    static @Nullable Object parse(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == null) {
            throw new IOException("no JSON");
        }
        return switch (token) {
            case START_OBJECT -> parseObject(json);
            case START_ARRAY -> parseArray(json);
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> json.getText();
        };
    }

    private static Map<String, @Nullable Object> parseObject(JsonParser json) throws IOException {
        Map<String, @Nullable Object> object = new HashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            object.put(name, parse(json));
        }
        return object;
    }

    private static List<@Nullable Object> parseArray(JsonParser json) throws IOException {
        List<@Nullable Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(parse(json));
        }
        return array;
    }

    /** {@return the record that an object of {@link #parse} stands for} */
    static <R extends Record> R read(Class<R> type, @Nullable Object parsed) throws IOException {
        if (!(parsed instanceof Map<?, ?> object)) {
            throw new IOException("expected an object for " + type.getSimpleName());
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = readValue(types[i], object.get(key(components[i].getName())));
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IOException("not a " + type.getSimpleName(), e);
        }
    }

    private static @Nullable Object readValue(Class<?> type, @Nullable Object value) throws IOException {
        if (type == double.class) {
            return readDouble(value);
        } else if (type == long.class) {
            return readLong(value);
        } else if (type == int.class) {
            return (int) readLong(value);
        } else if (type == boolean.class) {
            return Boolean.TRUE.equals(value);
        } else if (type == String.class) {
            return value == null ? null : value.toString();
        } else if (type == OptionalLong.class) {
            return value == null ? OptionalLong.empty() : OptionalLong.of(readLong(value));
        } else if (type == Set.class) {
            return readConditions(value);
        } else if (type == Forecast.class) {
            // Moments written before there were forecasts have none.
            return value == null ? Forecast.unknown() : Forecast.recorded(read(Forecast.Answers.class, value));
        } else if (type.isEnum()) {
            return readEnum(type, value);
        }
        return read(type.asSubclass(Record.class), value);
    }

    private static double readDouble(@Nullable Object value) {
        if (value instanceof String infinity) {
            return Double.parseDouble(infinity);
        }
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static long readLong(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    /** The only set that the core's records have. */
    private static Set<Condition> readConditions(@Nullable Object value) throws IOException {
        Set<Condition> conditions = EnumSet.noneOf(Condition.class);
        if (value instanceof List<?> labels) {
            for (Object label : labels) {
                if (readEnum(Condition.class, label) instanceof Condition condition) {
                    conditions.add(condition);
                }
            }
        }
        return Collections.unmodifiableSet(conditions);
    }

    private static @Nullable Object readEnum(Class<?> type, @Nullable Object label) throws IOException {
        if (label == null) {
            return null;
        }
        for (Object constant : type.getEnumConstants()) {
            if (label((Enum<?>) constant).equals(label)) {
                return constant;
            }
        }
        throw new IOException(label + " is no " + type.getSimpleName());
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** lossNats is loss_nats. */
    private static String key(String component) {
        return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
