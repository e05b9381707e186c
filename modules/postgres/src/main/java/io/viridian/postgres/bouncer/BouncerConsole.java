package io.viridian.postgres.bouncer;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.postgres.PoolerConnections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * A connection to a bouncer's admin console (PgBouncer 1.18 manual, "Admin console"). One
 * thread.
 */
public final class BouncerConsole implements AutoCloseable {
    /** The console says that it is version 1.18. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql.jdbc.PgConnection");

    static {
        DRIVER.setFilter(record -> !String.valueOf(record.getMessage()).startsWith("Unsupported Server Version"));
    }

    private final BouncerAddress address;
    private final Connection connection;

    private BouncerConsole(BouncerAddress address, Connection connection) {
        this.address = address;
        this.connection = connection;
    }

    /**
     * Connects.
     *
     * @param timeout for connecting and for each answer; rounded up to seconds for the first
     * @throws FaultException with TRAFFIC_FAILED
     */
    public static BouncerConsole open(BouncerAddress address, Duration timeout) {
        try {
            return new BouncerConsole(
                    address, PoolerConnections.open(address.jdbcUrl(), address.properties(), "viridian", timeout));
        } catch (SQLException failure) {
            throw failed(address, "cannot be reached: " + failure.getMessage(), failure);
        }
    }

    /** From here on an answer may take this long. */
    public void patience(Duration timeout) {
        try {
            PoolerConnections.answersWithin(connection, timeout);
        } catch (SQLException failure) {
            throw failed(address, "is gone: " + failure.getMessage(), failure);
        }
    }

    /**
     * Says a command like {@code PAUSE}, {@code RESUME} or {@code KILL} about a database.
     *
     * @throws FaultException with TRAFFIC_FAILED when it is refused, or not answered in time: a pause that was asked
     *     for may come about after that
     */
    public void say(String command, String database) {
        say(command + " \"" + database.replace("\"", "\"\"") + "\"");
    }

    /** Has the configuration file read again. */
    public void reload() {
        say("RELOAD");
    }

    private void say(String command) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
        } catch (SQLException failure) {
            throw failed(address, "does not do " + command + ": " + failure.getMessage(), failure);
        }
    }

    /** A database as the bouncer leads to it now; empty when it knows none of that name. */
    public Optional<BouncerDatabase> find(String database) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW DATABASES")) {
            while (rows.next()) {
                if (database.equals(rows.getString("name"))) {
                    return Optional.of(new BouncerDatabase(
                            database,
                            text(rows, "host"),
                            rows.getInt("port"),
                            text(rows, "database"),
                            poolMode(text(rows, "pool_mode")).equals("session"),
                            rows.getInt("paused") != 0));
                }
            }
            return Optional.empty();
        } catch (SQLException failure) {
            throw failed(address, "does not show its databases: " + failure.getMessage(), failure);
        }
    }

    /** A database that has none of its own has the bouncer's. */
    private String poolMode(String own) throws SQLException {
        if (!own.isEmpty()) {
            return own;
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW CONFIG")) {
            while (rows.next()) {
                if ("pool_mode".equals(text(rows, "key"))) {
                    return text(rows, "value");
                }
            }
            return "";
        }
    }

    private static String text(ResultSet rows, String column) throws SQLException {
        String text = rows.getString(column);
        return text == null ? "" : text;
    }

    private static FaultException failed(BouncerAddress address, String what, SQLException failure) {
        return Fault.about(FaultCode.TRAFFIC_FAILED, address.toString(), "the bouncer at " + address + " " + what)
                .asException(failure);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw failed(address, "is gone: " + failure.getMessage(), failure);
        }
    }
}
