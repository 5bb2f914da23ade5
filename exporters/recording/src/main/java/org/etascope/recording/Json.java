package org.etascope.recording;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.etascope.core.Forecast;
import org.etascope.core.TokenUnit;
import org.jspecify.annotations.Nullable;

/**
 * Maps, lists, records, enums and numbers as JSON in one line: keys of records in lower case with underscores, enums as
 * their labels, numbers with their full double precision. What is unknown, NaN, is {@code null}, and so is an infinity,
 * since JSON has neither. Any thread may call.
 */
public final class Json {
    private static final ObjectMapper WRITER = mapper(false);

    /**
     * For journals: an infinity is the string that Java prints for it, so that it can be read back; keys that a record does
     * not have are ignored, and a missing number is NaN, a missing unit the token, so that journals outlive changes of the core.
     */
    static final ObjectMapper LOSSLESS = mapper(true);

    private Json() {}

    /**
     * {@return the value as JSON, without a line break at its end}
     *
     * @param value maps, lists, records, enums, text, numbers, null
     */
    public static String text(@Nullable Object value) {
        try {
            return WRITER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a value cannot be written as JSON", e);
        }
    }

    private static ObjectMapper mapper(boolean lossless) {
        Numbers numbers = new Numbers(lossless);
        Reader<Double> reader = new Reader<>(Double.class, Double.NaN, Json::number);
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                // A record is its components: a method called isX or getX is no key.
                .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
                .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
                .addModule(new SimpleModule()
                        .addSerializer(double.class, numbers)
                        .addSerializer(Double.class, numbers)
                        .addDeserializer(double.class, reader)
                        .addDeserializer(Double.class, reader)
                        .addDeserializer(TokenUnit.class, new Reader<>(TokenUnit.class, TokenUnit.TOKEN, Json::unit)))
                .addMixIn(Forecast.class, RecordedForecast.class)
                .build();
    }

    /** A forecast is its answers: what it was made from is not kept. */
    private abstract static class RecordedForecast {
        @JsonValue
        abstract Forecast.Answers answers();

        @JsonCreator
        static Forecast recorded(Forecast.Answers answers) {
            return Forecast.recorded(answers);
        }
    }

    @SuppressWarnings("serial") // Jackson's base class is serializable; nobody serializes this
    private static final class Numbers extends StdScalarSerializer<Double> {
        private final boolean lossless;

        Numbers(boolean lossless) {
            super(Double.class);
            this.lossless = lossless;
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider unused) throws IOException {
            if (Double.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeString(lossless && !Double.isNaN(value) ? Double.toString(value) : null);
            }
        }
    }

    private interface Parse<T> {
        T from(JsonParser json) throws IOException;
    }

    @SuppressWarnings("serial") // as above
    private static final class Reader<T> extends StdScalarDeserializer<T> {
        private final T ofNull;
        private final Parse<T> parse;

        Reader(Class<T> type, T ofNull, Parse<T> parse) {
            super(type);
            this.ofNull = ofNull;
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return parse.from(json);
        }

        @Override
        public T getNullValue(DeserializationContext context) {
            return ofNull;
        }
    }

    private static double number(JsonParser json) throws IOException {
        return json.hasToken(JsonToken.VALUE_STRING) ? Double.parseDouble(json.getText()) : json.getDoubleValue();
    }

    /** Journals from before there were others count tokens. */
    private static TokenUnit unit(JsonParser json) throws IOException {
        String label = json.getText();
        return Arrays.stream(TokenUnit.values())
                .filter(unit -> unit.label().equals(label))
                .findFirst()
                .orElse(TokenUnit.TOKEN);
    }
}
