package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** One measurement's own pair of databases; closing it removes what they hold. For the measuring thread. */
final class Site implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final ServerPair servers;
    private final String database;
    private final Volume volume;
    private final Patience patience;
    private final boolean databaseStays;

    /** @param databaseStays whether closing only empties the databases, and lets nobody in */
    Site(ServerPair servers, String database, Volume volume, Patience patience, boolean databaseStays) {
        this.servers = servers;
        this.databaseStays = databaseStays;
        this.database = database;
        this.volume = volume;
        this.patience = patience;
    }

    PostgresServer server(Side side) {
        return side == Side.BLUE ? servers.blue() : servers.green();
    }

    /** Of the same name on both servers; letters, digits and underscores. */
    String database() {
        return database;
    }

    /** Where that side's database is, in libpq's words. */
    String libpq(Side side) {
        PostgresServer server = server(side);
        return "host=%s port=%d dbname=%s user=%s"
                .formatted(server.host(), server.port(), database, server.superuser());
    }

    Volume volume() {
        return volume;
    }

    Patience patience() {
        return patience;
    }

    /** A session of which no statement outlasts what anybody here waits for. */
    Connection connect(Side side) throws SQLException {
        Connection connection = server(side).connect(database);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = " + patience.limit().toMillis());
            return connection;
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    void execute(Side side, String sql) throws SQLException {
        try (Connection connection = connect(side);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row, as text. */
    String ask(Side side, String sql) throws SQLException {
        try (Connection connection = connect(side)) {
            return ask(connection, sql);
        }
    }

    static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    static boolean holds(Connection connection, String sql) throws SQLException {
        return ask(connection, sql).equals("t");
    }

    /** So that no measurement pays for the pages that another one has written. */
    void checkpoint() throws SQLException {
        for (Side side : Side.values()) {
            execute(side, "checkpoint");
        }
    }

    /** Returns when whoever read blue's slots has let go of them. */
    void untilNobodyReads() throws SQLException, InterruptedException {
        try (Connection blue = connect(Side.BLUE)) {
            patience.until("nobody reads the slot", LOOK_EVERY, () -> holds(blue, """
            select not bool_or(active) from pg_replication_slots where database = '%s'
            """.formatted(database)));
        }
    }

    /**
     * Waits until no slot needs the log of what has arrived already: else the next drain would begin with reading that
     * again. A slot's beginning moves with the snapshots in the log, which the server else writes four times a minute.
     */
    void awaitSlotsForget() throws SQLException, InterruptedException {
        try (Connection blue = connect(Side.BLUE)) {
            String arrived = ask(blue, "select pg_current_wal_lsn()");
            patience.until("no slot begins before what has arrived", LOOK_EVERY, () -> {
                ask(blue, "select pg_log_standby_snapshot()");
                return holds(blue, """
            select bool_and(restart_lsn >= '%s') from pg_replication_slots where database = '%s'
            """.formatted(arrived, database));
            });
        }
    }

    /** A time counts only if everything is where it belongs. */
    void demandEqual(Shape shape) throws SQLException {
        String blue = ask(Side.BLUE, volume.sums());
        String green = ask(Side.GREEN, shape.sums(volume));
        if (!blue.equals(green)) {
            throw new BenchFailure("green has %s and not blue's %s in %s".formatted(green, blue, database));
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            for (Side side : Side.values()) {
                dropSlots(side);
                removeDatabase(side);
                dropOrigins(side);
            }
        } catch (InterruptedException stopped) {
            // The servers are thrown away at the end, with whatever is left.
            Thread.currentThread().interrupt();
        }
    }

    private void removeDatabase(Side side) throws SQLException {
        if (databaseStays) {
            execute(side, "drop schema if exists viridian cascade; drop schema public cascade");
            server(side).execute("alter database " + database + " with allow_connections false");
        } else {
            server(side).execute("drop database if exists " + database + " with (force)");
        }
    }

    /** Of our migration that is never finalized: a server has room for ten (manual 18, section 19.6.1). */
    private void dropOrigins(Side side) throws SQLException {
        server(side).execute("""
            select pg_replication_origin_drop(roname) from pg_replication_origin where roname like 'viridian\\_%s\\_%%'
            """.formatted(database.replace("_", "\\_")));
    }

    private void dropSlots(Side side) throws SQLException, InterruptedException {
        try (Connection outside = server(side).connect("postgres")) {
            patience.until("no slot is left in " + database, LOOK_EVERY, () -> {
                ask(outside, """
            select count(pg_terminate_backend(active_pid)) from pg_replication_slots where database = '%1$s' and active
            """.formatted(database));
                ask(outside, """
            select count(pg_drop_replication_slot(slot_name)) from pg_replication_slots
            where database = '%1$s' and not active
            """.formatted(database));
                return holds(
                        outside,
                        "select count(*) = 0 from pg_replication_slots where database = '%s'".formatted(database));
            });
        }
    }
}
