package io.viridian.migration;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * On what terms both sides are writable for a while.
 *
 * @param operation the one that asked for it
 * @param by the name behind it
 * @param until when it ends by itself
 * @param conflicts what becomes of a row that both sides have changed
 */
public record CanaryTerms(String operation, String by, Instant until, ConflictPolicy conflicts) {
    /** The same with another answer to conflicts. */
    public CanaryTerms with(ConflictPolicy other) {
        return new CanaryTerms(operation, by, until, other);
    }

    /** The terms, for whoever asked. */
    Map<String, String> told() {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("until", until.toString());
        told.put("conflicts", conflicts.text());
        return told;
    }
}
