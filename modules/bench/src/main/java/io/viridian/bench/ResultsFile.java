package io.viridian.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The results as JSON: for the page, and for whoever wants to draw something else from them. */
final class ResultsFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ResultsFile() {}

    static String write(Record results) {
        try {
            return JSON.writeValueAsString(results) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static Results read(String json) {
        return read(json, Results.class);
    }

    static <T extends Record> T read(String json, Class<T> kind) {
        try {
            return JSON.readValue(json, kind);
        } catch (JsonProcessingException foreign) {
            throw new BenchFailure(
                    "these are not the results of this version: " + foreign.getOriginalMessage(), foreign);
        }
    }
}
