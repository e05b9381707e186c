package io.viridian.testkit.ledger;

import io.viridian.testkit.server.PostgresServer;
import java.util.HashMap;
import java.util.Map;

/**
 * A place where writes may be accepted.
 *
 * @param name for the journal and the measurements: blue, green
 * @param properties for the driver, on top of the workload's own: user, password, prepareThreshold=0 behind a pooler, …
 */
public record Side(String name, String jdbcUrl, Map<String, String> properties, Dialect dialect) {

    public Side {
        properties = Map.copyOf(properties);
    }

    /** Any URL, also that of a proxy or a pooler, as the superuser of the test servers. */
    public static Side at(String name, String jdbcUrl) {
        return new Side(name, jdbcUrl, Map.of("user", "postgres"), Dialect.BLUE);
    }

    public static Side of(String name, PostgresServer server, String database) {
        return at(name, server.jdbcUrl(database));
    }

    public Side with(Dialect other) {
        return new Side(name, jdbcUrl, properties, other);
    }

    public Side with(String property, String value) {
        Map<String, String> more = new HashMap<>(properties);
        more.put(property, value);
        return new Side(name, jdbcUrl, more, dialect);
    }
}
