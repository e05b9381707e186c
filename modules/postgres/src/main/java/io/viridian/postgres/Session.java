package io.viridian.postgres;

import io.viridian.fault.Ambiguity;
import io.viridian.plan.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * One connection to one side. Outside {@link #begin} every statement is its own transaction. Every failure becomes a
 * {@link io.viridian.fault.FaultException} that names side and SQLSTATE. One thread at a time, except {@link #abort}.
 */
public final class Session implements AutoCloseable {
    private static final Executor DIRECT = Runnable::run;

    private final Side side;
    private final Connection connection;

    Session(Side side, Connection connection) {
        this.side = side;
        this.connection = connection;
    }

    public Side side() {
        return side;
    }

    /**
     * Runs one or several statements without parameters, and ignores their results. The text is PostgreSQL's SQL:
     * JDBC's own escapes like <code>{fn …}</code> mean nothing here, so the body of a function arrives as it was
     * written.
     */
    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException failure) {
            throw fault(sql, failure);
        }
    }

    /**
     * Runs one statement with parameters.
     *
     * @return the rows it changed
     */
    public long update(String sql, @Nullable Object... parameters) {
        try (PreparedStatement statement = bound(sql, parameters)) {
            return statement.executeLargeUpdate();
        } catch (SQLException failure) {
            throw fault(sql, failure);
        }
    }

    /**
     * Runs a COPY from STDIN in text format.
     *
     * @return how many rows the server counted
     */
    public long copyIn(String sql, CopyText.Rows rows) {
        return CopyText.copy(this, sql, rows);
    }

    public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        List<T> found = new ArrayList<>();
        try (PreparedStatement statement = bound(sql, parameters);
                ResultSet results = statement.executeQuery()) {
            Row row = new Row(results);
            while (results.next()) {
                found.add(reader.read(row));
            }
            return found;
        } catch (SQLException failure) {
            throw fault(sql, failure);
        } catch (UncheckedSql failure) {
            throw fault(sql, failure.sql());
        }
    }

    /** The first row, if there is any. */
    public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return list(sql, reader, parameters).stream().findFirst();
    }

    /** The one row that the query must give. */
    public <T> T one(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return first(sql, reader, parameters).orElseThrow(() -> new IllegalStateException("no row from: " + sql));
    }

    /** Starts a transaction; the server sees it with the first statement. */
    public void begin() {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException failure) {
            throw fault("begin", failure);
        }
    }

    /** Starts a transaction with one snapshot for all its statements. */
    public void beginSnapshot() {
        begin();
        execute("set transaction isolation level repeatable read, read only");
    }

    /**
     * Commits.
     *
     * @throws Ambiguity when the connection broke before the answer came: it may have happened or not
     */
    public void commit() {
        try {
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException failure) {
            if (ServerErrors.answerLost(failure)) {
                throw new Ambiguity("the answer to a commit on " + side.text() + " was lost", failure);
            }
            throw fault("commit", failure);
        }
    }

    /** Undoes the open transaction; a dead connection has undone it already, so failures are of no interest. */
    public void rollback() {
        try {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException dead) {
            abort();
        }
    }

    /** Runs work inside one transaction: committed when it returns, rolled back when it throws. */
    public <T> T transaction(Supplier<T> work) {
        begin();
        try {
            T result = work.get();
            commit();
            return result;
        } catch (RuntimeException | Error failure) {
            rollback();
            throw failure;
        }
    }

    /** As {@link #transaction(Supplier)}, without a result. */
    public void transaction(Runnable work) {
        transaction(() -> {
            work.run();
            return true;
        });
    }

    /**
     * Lends the connection to a library that speaks JDBC itself, inside the transaction open here. The library's
     * commits are savepoints, so a crash in the middle leaves nothing of its work. {@link ServerErrors#told} finds the
     * server's word in what it throws.
     */
    public <E extends Exception> void lend(JdbcWork<E> work) throws E {
        try (LentConnection lent = new LentConnection(connection)) {
            work.run(lent.asJdbc());
        } catch (SQLException failure) {
            throw fault("lend the connection", failure);
        }
    }

    /** The server process behind this session. */
    public int pid() {
        return driver().getBackendPID();
    }

    /** Asks the server to cancel what this session is doing; from any thread. */
    public void cancel() {
        try {
            driver().cancelQuery();
        } catch (SQLException failure) {
            abort();
        }
    }

    /** Ends the connection at once without a word to the server; from any thread. */
    public void abort() {
        try {
            connection.abort(DIRECT);
        } catch (SQLException alreadyDead) {
            // Nothing is left to end: the caller wanted the connection gone and it is.
            assert alreadyDead != null;
        }
    }

    public boolean alive() {
        try {
            return !connection.isClosed() && connection.isValid(5);
        } catch (SQLException failure) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            rollback();
            connection.close();
        } catch (SQLException failure) {
            abort();
        }
    }

    CopyManager copyApi() throws SQLException {
        return driver().getCopyAPI();
    }

    RuntimeException fault(String sql, SQLException failure) {
        return standby() ? ServerErrors.standbyFault(side, sql, failure) : ServerErrors.fault(side, sql, failure);
    }

    /** As the server has reported without being asked (manual 14-18, frontend/backend protocol, in_hot_standby). */
    private boolean standby() {
        try {
            return "on".equals(connection.unwrap(PGConnection.class).getParameterStatus("in_hot_standby"));
        } catch (SQLException closed) {
            return false;
        }
    }

    private PGConnection driver() {
        try {
            return connection.unwrap(PGConnection.class);
        } catch (SQLException failure) {
            throw fault("unwrap", failure);
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int index = 0; index < parameters.length; index++) {
                Object parameter = parameters[index];
                if (parameter instanceof @Nullable String[] texts) {
                    statement.setArray(index + 1, connection.createArrayOf("text", texts));
                } else {
                    statement.setObject(index + 1, parameter);
                }
            }
            return statement;
        } catch (SQLException | RuntimeException failure) {
            statement.close();
            throw failure;
        }
    }

    /** Carries a driver failure out of a {@link RowReader}. */
    static final class UncheckedSql extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException sql;

        UncheckedSql(SQLException sql) {
            super(sql);
            this.sql = sql;
        }

        SQLException sql() {
            return sql;
        }
    }
}
