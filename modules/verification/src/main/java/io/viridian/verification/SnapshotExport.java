package io.viridian.verification;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Exports snapshots together with their exact position in the source's log: a snapshot sees exactly the transactions
 * whose commits lie before the position. That is what the creation of a logical slot gives (manual 14-18,
 * CREATE_REPLICATION_SLOT in section 55.4; exact in 25 of 25 trials, protocol §0). A snapshot can be imported until it
 * is dropped; the slot is temporary and goes at the latest with the connection. One thread.
 *
 * <p>Whoever imports it must have held an ordinary snapshot since before the export. As the slot is released the server
 * (14-18) withdraws the slot's hold on old row versions first and counts that of the exported snapshot a moment later;
 * who prunes in between removes what the importer should see (ADR 0070).
 */
final class SnapshotExport implements AutoCloseable {
    /**
     * The first version with options in parentheses; later ones understand the older form too, but do not promise it.
     */
    private static final int OPTIONS_IN_PARENTHESES = 150_000;

    private static final long CANCEL_AGAIN_MILLIS = 50;

    /** A server that does not answer for so long after our patience ended is gone or frozen. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /** What was exported. */
    record Point(Lsn position, String snapshot) {}

    private final Database source;
    private final String slot =
            "viridian_verify_" + UUID.randomUUID().toString().replace("-", "");
    private final Connection connection;

    private SnapshotExport(Database source) {
        this.source = source;
        this.connection = source.openReplication("verify point");
    }

    static SnapshotExport open(Database source) {
        return new SnapshotExport(source);
    }

    /**
     * Creates the slot; the server waits for all transactions that have an id and are still running.
     *
     * @param version of the server, like 150004
     * @throws PairDelayed after {@code patience}, naming those that it waited for
     */
    Point export(int version, Duration patience) throws InterruptedException {
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(
                    Runnable::run, (int) patience.plus(SILENCE).toMillis());
            long pid = pid(statement);
            FutureTask<Point> creation = new FutureTask<>(() -> create(statement, version));
            Thread.ofVirtual().name("verify-point").start(creation);
            try {
                return creation.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                String blockers = Blockers.of(source, pid);
                stop(statement, creation);
                throw new PairDelayed(source.side().text() + " gave no snapshot within " + patience.toMillis()
                        + " ms: it waits for running transactions, " + blockers);
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof SQLException sql
                        ? fault(sql)
                        : new IllegalStateException(failure.getCause());
            } catch (InterruptedException interruption) {
                stop(statement, creation);
                throw interruption;
            }
        } catch (SQLException failure) {
            throw fault(failure);
        }
    }

    /** Gives up the snapshot and the slot; whoever has imported the snapshot keeps it. */
    void drop() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP_REPLICATION_SLOT " + slot);
        } catch (SQLException failure) {
            throw fault(failure);
        }
    }

    private static long pid(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        }
    }

    private Point create(Statement statement, int version) throws SQLException {
        String export = version < OPTIONS_IN_PARENTHESES ? "EXPORT_SNAPSHOT" : "(SNAPSHOT 'export')";
        String command = "CREATE_REPLICATION_SLOT " + slot + " TEMPORARY LOGICAL pgoutput " + export;
        try (ResultSet row = statement.executeQuery(command)) {
            if (!row.next()) {
                throw new SQLException("no answer to " + command);
            }
            return new Point(Lsn.parse(row.getString("consistent_point")), row.getString("snapshot_name"));
        }
    }

    /**
     * Ends the creation on the server, so that it does not go on waiting there without us. The network timeout ends
     * this.
     */
    private void stop(Statement statement, FutureTask<Point> creation) {
        while (!creation.isDone()) {
            try {
                statement.cancel();
                creation.get(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (SQLException | ExecutionException | TimeoutException _) {
                // Cancelled, or not yet; whoever called us is on the way out with a better reason.
            } catch (InterruptedException _) {
                abort();
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Ends the connection, and with it what was exported. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failure) {
            abort();
        }
    }

    private void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException alreadyDead) {
            // Nothing is left to end: a temporary slot goes with its connection.
            assert alreadyDead != null;
        }
    }

    private FaultException fault(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        boolean lost = state.isEmpty() || state.startsWith("08") || state.startsWith("57P0");
        boolean blue = source.side() == Side.BLUE;
        FaultCode gone = blue ? FaultCode.BLUE_UNREACHABLE : FaultCode.GREEN_UNREACHABLE;
        FaultCode failed = blue ? FaultCode.BLUE_FAILED : FaultCode.GREEN_FAILED;
        String detail = source.side().text() + " said: " + failure.getMessage()
                + "; while exporting a snapshot through a temporary slot";
        return new Fault(lost ? gone : failed, detail, "", state).asException(failure);
    }
}
