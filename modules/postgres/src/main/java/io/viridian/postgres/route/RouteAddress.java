package io.viridian.postgres.route;

import java.util.Map;

/**
 * Where applications connect and as whom. Never printed with its properties: they hold the password.
 *
 * @param name for people: user, hosts and database
 * @param jdbcUrl hosts and database
 * @param properties driver properties, with user and password
 */
public record RouteAddress(String name, String jdbcUrl, Map<String, String> properties) {
    public RouteAddress {
        properties = Map.copyOf(properties);
    }

    @Override
    public String toString() {
        return name;
    }
}
