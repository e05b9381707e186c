package io.viridian.testkit.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/**
 * An open transaction on one side, as operations see it.
 *
 * @param operation the id under which the effects are recorded
 */
record Transaction(Connection connection, Statements statements, int writer, long operation) {

    /** A row that its only writer knows to exist was not there, or there more than once. */
    static final class Surprise extends SQLException {

        private static final long serialVersionUID = 1L;

        Surprise(String statement, int rows) {
            super("%d rows instead of 1: %s".formatted(rows, statement));
        }
    }

    /** Every statement of every operation concerns exactly one row. Parameters are longs, strings, or NONE for null. */
    void one(String statement, Object... parameters) throws SQLException {
        int rows = execute(statement, parameters);
        if (rows != 1) {
            throw new Surprise(statement, rows);
        }
    }

    void recordEntry(OperationKind kind) throws SQLException {
        one(statements.insertEntry, operation, (long) writer, kind.name());
    }

    /**
     * Whether the entry is there and will stay. The insert waits for a transaction in flight that holds the same id, so
     * the answer is final either way; the caller rolls back.
     */
    boolean entryExists(OperationKind kind) throws SQLException {
        return execute(statements.probeEntry, operation, (long) writer, kind.name()) == 0;
    }

    Transaction as(long otherOperation) {
        return new Transaction(connection, statements, writer, otherOperation);
    }

    private int execute(String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (int i = 0; i < parameters.length; i++) {
                bind(statement, i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, int index, Object parameter) throws SQLException {
        switch (parameter) {
            case Long number when number == Partition.NONE -> statement.setNull(index, Types.BIGINT);
            case Long number -> statement.setLong(index, number);
            case String text -> statement.setString(index, text);
            default -> throw new IllegalArgumentException("neither a long nor a string: " + parameter);
        }
    }
}
