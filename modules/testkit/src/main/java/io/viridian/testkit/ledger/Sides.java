package io.viridian.testkit.ledger;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * One writer's connection, to whichever side it believes to accept writes. Used by the writer's thread; only
 * {@link #abort} may be called by another.
 */
final class Sides {

    /** A side that keeps refusing for reasons that should pass is left, too: the guard may answer 40001. */
    private static final int PATIENCE_REFUSALS = 3;

    /** Seconds, because the driver counts in them. Short, so that a stalled network does not outlast a test. */
    static final int SOCKET_TIMEOUT_SECONDS = 10;

    /** No negotiation of encryption: each would be another answer to wait for, and test servers have none. */
    private static final Map<String, String> DRIVER_DEFAULTS = Map.of(
            "connectTimeout", "3",
            "socketTimeout", Integer.toString(SOCKET_TIMEOUT_SECONDS),
            "tcpKeepAlive", "true",
            "sslmode", "disable",
            "gssEncMode", "disable");

    private final List<Side> candidates;
    private final List<Statements> statements;
    private final String clientName;
    private int current;
    private int refusals;
    private volatile @Nullable Connection connection;

    Sides(List<Side> candidates, List<Statements> statements, String clientName) {
        this.candidates = candidates;
        this.statements = statements;
        this.clientName = clientName;
    }

    /** Where the writer is connected, or will connect next. */
    int current() {
        return current;
    }

    String name() {
        return candidates.get(current).name();
    }

    Statements statements() {
        return statements.get(current);
    }

    Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connect(candidates.get(current));
            connection = open;
        }
        return open;
    }

    void accepted() {
        refusals = 0;
    }

    /** Draws the conclusion from a failure: goes on here, connects anew, or turns to the next candidate. */
    void refused(Refusal refusal) {
        refusals++;
        boolean leave = refusal == Refusal.OTHER_SIDE || refusals % PATIENCE_REFUSALS == 0;
        if (leave) {
            disconnect();
            current = (current + 1) % candidates.size();
            return;
        }
        rollback();
    }

    /** How many refusals in a row there were, over all candidates. */
    int refusalsInARow() {
        return refusals;
    }

    int candidates() {
        return candidates.size();
    }

    void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException _) {
                // It was broken, which is why it is closed.
            }
        }
    }

    /** For another thread: ends whatever the writer waits for on its connection. */
    void abort() {
        Connection open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException _) {
                // It ended by itself.
            }
        }
    }

    private void rollback() {
        Connection open = connection;
        if (open == null) {
            return;
        }
        try {
            open.rollback();
        } catch (SQLException _) {
            disconnect();
        }
    }

    private Connection connect(Side side) throws SQLException {
        Properties properties = new Properties();
        DRIVER_DEFAULTS.forEach(properties::setProperty);
        properties.setProperty("ApplicationName", clientName);
        side.properties().forEach(properties::setProperty);
        Connection opened = DriverManager.getConnection(side.jdbcUrl(), properties);
        opened.setAutoCommit(false);
        return opened;
    }
}
