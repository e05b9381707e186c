package io.viridian.feed;

import java.util.Map;

/**
 * What an engine cannot carry as it is, so that it can be refused before a migration begins.
 *
 * @param engine its name in the configuration
 * @param types types of columns, by the names of the server's catalog, with the first version of the server of which
 *     values may be lost
 * @param mixesNames whether it takes names of columns that differ only by case for the same, and drops quotation marks
 *     at both ends of a name
 */
public record CaptureLimits(String engine, Map<String, Integer> types, boolean mixesNames) {
    public CaptureLimits {
        types = Map.copyOf(types);
    }

    /** An engine that carries everything. */
    public static CaptureLimits none(String engine) {
        return new CaptureLimits(engine, Map.of(), false);
    }
}
