package io.viridian.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * Connections to a pooler, or through one: they speak the simple protocol only, without the startup parameter and the
 * {@code SET} statements of the JDBC driver (42.7), which poolers refuse. The driver leaves those out where it takes
 * the server for one of replication, and before 9.4 it does not send the parameter itself. Stateless; any thread.
 */
public final class PoolerConnections {
    private PoolerConnections() {}

    /**
     * Connects.
     *
     * @param own user, password and what else the caller knows; what the pooler needs is added
     * @param timeout for connecting, rounded up to seconds, and for each answer
     */
    public static Connection open(String jdbcUrl, Map<String, String> own, String name, Duration timeout)
            throws SQLException {
        String seconds = Long.toString(Math.max(1, timeout.plusMillis(999).toSeconds()));
        Properties properties = new Properties();
        properties.putAll(own);
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "9.0");
        properties.setProperty("replication", "false");
        properties.setProperty("ApplicationName", name);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        Connection connection = DriverManager.getConnection(jdbcUrl, properties);
        answersWithin(connection, timeout);
        return connection;
    }

    /** From here on an answer may take this long. */
    public static void answersWithin(Connection connection, Duration timeout) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(Math.max(1, timeout.toMillis())));
    }
}
