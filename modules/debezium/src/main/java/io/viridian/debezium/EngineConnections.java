package io.viridian.debezium;

import io.viridian.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one run of the engine. They are made by the database like all others, with its hosts, its TLS and
 * its settings of the session, and end with the stream, whatever the engine does. Any thread.
 */
final class EngineConnections implements AutoCloseable {
    private static final AtomicLong RUNS = new AtomicLong();
    private static final Map<String, EngineConnections> OPEN = new ConcurrentHashMap<>();

    private final Database database;
    private final String run;
    private final List<Connection> connections = new ArrayList<>();
    private boolean complete;
    private boolean missing;

    EngineConnections(Database database) {
        this.database = database;
        this.run = "run" + RUNS.incrementAndGet();
        OPEN.put(run, this);
    }

    /** Names this run, in this process once. */
    String run() {
        return run;
    }

    static @Nullable EngineConnections of(String run) {
        return OPEN.get(run);
    }

    synchronized Connection connect(boolean replication) throws SQLException {
        if (complete) {
            missing = true;
            throw new SQLException("a connection of the engine debezium ended while it was reading", "08006");
        }
        Connection connection = replication ? database.openReplication("stream") : database.openConnection("stream");
        connections.add(connection);
        return connection;
    }

    /**
     * The engine reads and has what it needs. It would connect again when a connection has gone, and gives arrays as
     * null while it cannot.
     */
    synchronized void complete() {
        complete = true;
    }

    /**
     * Whether the engine has asked for a connection since it was complete: nothing that it tells now can be relied on.
     */
    synchronized boolean missing() {
        return missing;
    }

    @Override
    public void close() {
        OPEN.remove(run);
        List<Connection> left;
        synchronized (this) {
            complete = true;
            left = List.copyOf(connections);
            connections.clear();
        }
        for (Connection connection : left) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException alreadyDead) {
                assert alreadyDead != null;
            }
        }
    }
}
