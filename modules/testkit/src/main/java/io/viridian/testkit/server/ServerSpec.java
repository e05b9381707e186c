package io.viridian.testkit.server;

import java.util.Locale;
import java.util.Map;

/**
 * What to start.
 *
 * @param shared lives as long as the JVM; closing it only makes sure that it runs
 */
record ServerSpec(ServerRole role, int majorVersion, Map<String, String> settings, boolean shared) {

    ServerSpec {
        settings = Map.copyOf(settings);
    }

    /** Tells servers apart in directory names and messages. */
    String label() {
        return role.name().toLowerCase(Locale.ROOT) + "-" + majorVersion;
    }
}
