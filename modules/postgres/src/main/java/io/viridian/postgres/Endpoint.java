package io.viridian.postgres;

import io.viridian.plan.Side;
import java.util.Map;

/**
 * Where one side is and how to get in. Never printed with its properties: they hold the password.
 *
 * @param side whose errors these are
 * @param jdbcUrl host, port and database
 * @param properties driver properties, with user and password
 */
public record Endpoint(Side side, String jdbcUrl, Map<String, String> properties) {
    public Endpoint {
        properties = Map.copyOf(properties);
    }

    public String user() {
        return properties.getOrDefault("user", "");
    }

    @Override
    public String toString() {
        return side.text() + " at " + jdbcUrl;
    }
}
