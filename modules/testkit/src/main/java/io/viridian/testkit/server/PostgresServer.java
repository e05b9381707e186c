package io.viridian.testkit.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A running PostgreSQL server that belongs to the test. It listens on the loopback only and trusts everybody who comes
 * from there. Methods may be called from any thread, the ones that stop and start from one thread at a time.
 */
public interface PostgresServer extends AutoCloseable {

    /**
     * How long any of the methods below waits for the server before it gives up; generous, for a machine under load.
     */
    Duration PATIENCE = Duration.ofSeconds(60);

    /** The application name of sessions that belong to the test kit and to no test. */
    String OBSERVER = "viridian-testkit-observer";

    int majorVersion();

    ServerRole role();

    String host();

    /** Stays the same across stops and starts. */
    int port();

    /** A superuser, accepted without a password. */
    default String superuser() {
        return "postgres";
    }

    /** For the driver; carries no user, so that a test can come as whom it likes. */
    default String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database);
    }

    /** In the style of libpq, as the superuser. */
    default String url(String database) {
        return "postgresql://%s@%s:%d/%s".formatted(superuser(), host(), port(), database);
    }

    /** A new connection as the superuser; the caller closes it. */
    default Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", superuser());
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** Creates an empty database. The name is quoted, so it may hold anything. */
    default void createDatabase(String name) throws SQLException {
        // Tests create thousands; copying the files takes a third of the time of logging them (14 knows no other way).
        String copied = majorVersion() > 14 ? " strategy file_copy" : "";
        execute("create database " + Quoting.identifier(name) + copied);
    }

    /** Creates an empty database that no other test has seen and answers its name: {@code <prefix>_<number>}. */
    default String freshDatabase(String prefix) throws SQLException {
        String name = prefix + "_" + FreshNames.NEXT.getAndIncrement();
        createDatabase(name);
        return name;
    }

    /**
     * Changes a setting ({@code alter system}) and returns when new sessions see it; some settings also need a restart.
     */
    default void set(String name, String value) throws SQLException {
        Settings.change(this, "set " + Quoting.setting(name) + " = " + Quoting.literal(value));
    }

    /** Takes back what {@link #set} did. */
    default void reset(String name) throws SQLException {
        Settings.change(this, "reset " + Quoting.setting(name));
    }

    /**
     * Runs one statement in the maintenance database, outside a transaction, in a session that is kept for the next
     * call: a statement that sets something in its session has no business here.
     */
    void execute(String statement) throws SQLException;

    /** Whether the server's processes exist; a frozen server runs. */
    boolean running();

    /**
     * As {@code pg_ctl stop -m immediate}: no checkpoint, crash recovery at the next start. Works on a frozen server.
     */
    void stopImmediately();

    /** As {@code pg_ctl stop -m fast}: open transactions are rolled back, then a shutdown checkpoint. */
    void stopFast();

    /** Starts again with the same data directory and port, and returns when connections are accepted. */
    void start();

    /** Stops all processes of the server as they are (SIGSTOP): connections stay open and nothing answers. */
    void freeze();

    /** Undoes {@link #freeze}. */
    void thaw();

    /** What the server has logged so far, across restarts. */
    Path logFile();

    /** As the server sees it; within a container that path means nothing to the host. */
    Path dataDirectory();

    /**
     * Stops the server and removes its files. A server from {@link SharedServers} instead only makes sure that it runs,
     * for the next test.
     */
    @Override
    void close();

    /** Keeps the counter of fresh names out of sight; one for all servers, so that a name says which test came when. */
    final class FreshNames {
        private static final AtomicLong NEXT = new AtomicLong(1);

        private FreshNames() {}
    }
}
