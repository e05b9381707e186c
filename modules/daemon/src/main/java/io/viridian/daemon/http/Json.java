package io.viridian.daemon.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes JSON by hand, so that no field name depends on the name of a Java method. What is not known is {@code null}.
 */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final double NANOS_PER_SECOND = 1e9;

    private Json() {}

    /** Writes the fields of one object, or the elements of one array. */
    @FunctionalInterface
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes one element. */
    @FunctionalInterface
    interface ElementWriter<T> {
        void write(JsonGenerator json, T element) throws IOException;
    }

    /** One document: an object with what the writer puts into it. */
    static String document(Writer fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    static void object(JsonGenerator json, String name, Writer fields) throws IOException {
        json.writeObjectFieldStart(name);
        fields.write(json);
        json.writeEndObject();
    }

    static <T> void object(JsonGenerator json, String name, Optional<T> value, ElementWriter<T> fields)
            throws IOException {
        if (value.isEmpty()) {
            json.writeNullField(name);
            return;
        }
        object(json, name, inside -> fields.write(inside, value.get()));
    }

    /** An array of objects. */
    static <T> void objects(JsonGenerator json, String name, List<T> elements, ElementWriter<T> fields)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (T element : elements) {
            json.writeStartObject();
            fields.write(json, element);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void texts(JsonGenerator json, String name, List<String> elements) throws IOException {
        json.writeArrayFieldStart(name);
        for (String element : elements) {
            json.writeString(element);
        }
        json.writeEndArray();
    }

    /** The text, or {@code null} when it is empty. */
    static void text(JsonGenerator json, String name, String value) throws IOException {
        if (value.isEmpty()) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, value);
        }
    }

    static void moment(JsonGenerator json, String name, Optional<Instant> value) throws IOException {
        text(json, name, value.map(Instant::toString).orElse(""));
    }

    static void count(JsonGenerator json, String name, Optional<Long> value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.get());
        } else {
            json.writeNullField(name);
        }
    }

    static void fraction(JsonGenerator json, String name, Optional<Double> value) throws IOException {
        if (value.isPresent() && Double.isFinite(value.get())) {
            json.writeNumberField(name, value.get());
        } else {
            json.writeNullField(name);
        }
    }

    /** A duration as a number of seconds. */
    static void seconds(JsonGenerator json, String name, Optional<Duration> value) throws IOException {
        fraction(json, name, value.map(duration -> duration.toNanos() / NANOS_PER_SECOND));
    }
}
