package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * Counts the statements that both servers get, by {@code pg_stat_statements}. It asks from another database than those
 * that are measured, and those are counted alone, so nothing that it does is counted. For the measuring thread.
 */
final class Calls implements AutoCloseable {
    /**
     * What a server must be started with. Every table makes a dozen texts, and a text that is forgotten is not counted.
     */
    static final Map<String, String> SETTINGS =
            Map.of("shared_preload_libraries", "pg_stat_statements", "pg_stat_statements.max", "400000");

    private static final String OUTSIDE = "postgres";

    private static final String OF_DATABASE = "dbid = (select oid from pg_database where datname = '%s')";

    private final Connection blue;
    private final Connection green;

    Calls(ServerPair servers) throws SQLException {
        this.blue = servers.blue().connect(OUTSIDE);
        try {
            this.green = servers.green().connect(OUTSIDE);
        } catch (SQLException failure) {
            blue.close();
            throw failure;
        }
        for (Side side : Side.values()) {
            execute(side, "create extension if not exists pg_stat_statements");
        }
    }

    /** From here on counts begin anew. */
    void restart() throws SQLException {
        for (Side side : Side.values()) {
            Site.ask(on(side), "select pg_stat_statements_reset()");
        }
    }

    /** Statements that a client sent to the database of this name since the restart, commits included. */
    Counted since(String database) throws SQLException {
        return new Counted(since(Side.BLUE, database), since(Side.GREEN, database));
    }

    private long since(Side side, String database) throws SQLException {
        if (!Site.holds(on(side), "select dealloc = 0 from pg_stat_statements_info")) {
            throw new BenchFailure("%s has forgotten statements: pg_stat_statements.max is too small".formatted(side));
        }
        return number(
                side,
                "select coalesce(sum(calls), 0) from pg_stat_statements(false) where "
                        + OF_DATABASE.formatted(database));
    }

    /** How often green's progress moved since the restart, which it does once in each window. */
    long windows(String database) throws SQLException {
        return number(
                Side.GREEN,
                "select coalesce(sum(calls), 0) from pg_stat_statements"
                        + " where query like 'update viridian.progress%set lsn = %' and "
                        + OF_DATABASE.formatted(database));
    }

    private long number(Side side, String sql) throws SQLException {
        return Long.parseLong(Site.ask(on(side), sql));
    }

    private void execute(Side side, String sql) throws SQLException {
        try (Statement statement = on(side).createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    @Override
    public void close() throws SQLException {
        try {
            blue.close();
        } finally {
            green.close();
        }
    }
}
