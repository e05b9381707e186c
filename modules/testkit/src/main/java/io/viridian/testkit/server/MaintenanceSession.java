package io.viridian.testkit.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The test kit's own session on a server, kept from one use to the next: a process for every database that a test
 * creates and drops costs more than the work itself. Checks for leftovers know it by its name and pass over it. It is
 * opened when first asked for and again when the server has ended it. Any thread.
 */
final class MaintenanceSession {

    private static final int PROBE_SECONDS = 10;

    private final PostgresServer server;
    private @Nullable Connection connection;

    MaintenanceSession(PostgresServer server) {
        this.server = server;
    }

    /** One statement, outside a transaction; what it sets in the session stays for the next. */
    synchronized void execute(String statement) throws SQLException {
        try (Statement command = alive().createStatement()) {
            command.execute(statement);
        }
    }

    private Connection alive() throws SQLException {
        Connection last = connection;
        if (last != null && last.isValid(PROBE_SECONDS)) {
            return last;
        }
        if (last != null) {
            last.close();
        }
        Properties properties = new Properties();
        properties.setProperty("user", server.superuser());
        properties.setProperty("connectTimeout", Integer.toString(PROBE_SECONDS));
        properties.setProperty("ApplicationName", PostgresServer.OBSERVER);
        Connection opened = DriverManager.getConnection(server.jdbcUrl("postgres"), properties);
        connection = opened;
        return opened;
    }
}
