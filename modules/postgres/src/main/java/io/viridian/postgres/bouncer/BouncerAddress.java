package io.viridian.postgres.bouncer;

import java.util.Map;

/**
 * Where a bouncer's admin console is and how to get in. Never printed with its properties: they hold the password.
 *
 * @param jdbcUrl host, port and the database {@code pgbouncer}
 * @param properties driver properties, with user and password
 */
public record BouncerAddress(String jdbcUrl, Map<String, String> properties) {
    public BouncerAddress {
        properties = Map.copyOf(properties);
    }

    @Override
    public String toString() {
        return jdbcUrl;
    }
}
