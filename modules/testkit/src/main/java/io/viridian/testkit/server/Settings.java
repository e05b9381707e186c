package io.viridian.testkit.server;

import io.viridian.testkit.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings of the test servers: what all of them start with, and how one is changed while they run. */
final class Settings {

    /**
     * Logical decoding with room for many tests at once, and no patience for disks: nobody misses a test database after
     * the machine went down, and a killed server still recovers, because the kernel has what was written.
     */
    static final Map<String, String> FOR_TESTS = ordered(
            "wal_level", "logical",
            "max_wal_senders", "50",
            "max_replication_slots", "50",
            "max_connections", "200",
            "max_prepared_transactions", "10",
            "shared_buffers", "128MB",
            "fsync", "off",
            "full_page_writes", "off",
            "synchronous_commit", "on",
            "timezone", "UTC",
            "log_timezone", "UTC",
            "log_line_prefix", "%m [%p] %q%a ");

    private Settings() {}

    /** The defaults, overridden and extended by what the test asks for. */
    static Map<String, String> forTests(Map<String, String> asked) {
        Map<String, String> settings = new LinkedHashMap<>(FOR_TESTS);
        settings.putAll(asked);
        return settings;
    }

    /**
     * A reload is a signal and takes effect some time later. New sessions inherit the postmaster's load time, so the
     * change is in force when a new session shows a later one.
     */
    static void change(PostgresServer server, String change) throws SQLException {
        OffsetDateTime before = loadTime(server);
        server.execute("alter system " + change);
        server.execute("select pg_reload_conf()");
        try {
            Await.until(
                    "a reload follows: " + change,
                    PostgresServer.PATIENCE,
                    () -> loadTime(server).isAfter(before));
        } catch (InterruptedException e) {
            throw ServerException.interrupted("changing a setting", e);
        }
    }

    private static OffsetDateTime loadTime(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select pg_conf_load_time()")) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class);
        }
    }

    private static Map<String, String> ordered(String... namesAndValues) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }
}
