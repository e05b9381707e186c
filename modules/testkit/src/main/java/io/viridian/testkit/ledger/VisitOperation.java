package io.viridian.testkit.ledger;

import java.sql.SQLException;

/** Rows that go and come back under the same key. */
sealed interface VisitOperation extends Operation.OnRow {

    static String note(long operation) {
        return "visit " + operation;
    }

    private static void delete(Transaction transaction, long id) throws SQLException {
        transaction.one(transaction.statements().deleteVisit, id);
    }

    private static void insert(Transaction transaction, long id) throws SQLException {
        long operation = transaction.operation();
        transaction.one(transaction.statements().insertVisit, id, operation, note(operation));
    }

    record Delete(int row, long id) implements VisitOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.VISIT_DELETE;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            delete(transaction, id);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.visits[row] = Partition.NONE;
        }
    }

    record Insert(int row, long id) implements VisitOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.VISIT_INSERT;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            insert(transaction, id);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.visits[row] = operation;
        }
    }

    record Replace(int row, long id) implements VisitOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.VISIT_REPLACE;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            delete(transaction, id);
            insert(transaction, id);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.visits[row] = operation;
        }
    }
}
