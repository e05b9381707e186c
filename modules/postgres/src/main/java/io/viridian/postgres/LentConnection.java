package io.viridian.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;

/**
 * A session's connection in the hands of a library that speaks JDBC itself. The library's transactions become
 * savepoints within the lender's, so whatever it does happens as a whole or not at all, also when the process dies in
 * the middle. A statement that fails does not abort the transaction, because libraries probe for tables by asking.
 */
final class LentConnection implements AutoCloseable {
    private final Connection connection;
    private final AutoSave before;
    private Savepoint lastCommit;

    LentConnection(Connection connection) throws SQLException {
        this.connection = connection;
        PGConnection driver = connection.unwrap(PGConnection.class);
        this.before = driver.getAutosave();
        driver.setAutosave(AutoSave.ALWAYS);
        this.lastCommit = connection.setSavepoint();
    }

    Connection asJdbc() {
        return (Connection) Proxy.newProxyInstance(
                LentConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (_, method, arguments) -> call(method, arguments));
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "commit" -> commit();
            case "rollback" -> arguments == null ? rollback() : pass(method, arguments);
            // Both belong to the lender.
            case "setAutoCommit", "close", "abort" -> null;
            default -> pass(method, arguments);
        };
    }

    private @Nullable Object commit() throws SQLException {
        connection.releaseSavepoint(lastCommit);
        lastCommit = connection.setSavepoint();
        return null;
    }

    private @Nullable Object rollback() throws SQLException {
        connection.rollback(lastCommit);
        return null;
    }

    private @Nullable Object pass(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() instanceof SQLException told ? told : failure;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.unwrap(PGConnection.class).setAutosave(before);
    }
}
