package io.viridian.testkit.ledger;

import java.sql.SQLException;

/** Large values, written and left alone. */
sealed interface DocumentOperation extends Operation.OnRow {

    static String title(long operation) {
        return "title " + operation;
    }

    record Rewrite(int row, long id, long revision, Content content) implements DocumentOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.DOCUMENT_REWRITE;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            String body = content.of(id, transaction.operation());
            transaction.one(transaction.statements().rewriteDocument, body, revision, id);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.bodies[row] = operation;
            partition.revisions[row] = revision;
        }
    }

    record Retitle(int row, long id, long revision) implements DocumentOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.DOCUMENT_RETITLE;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            String title = title(transaction.operation());
            transaction.one(transaction.statements().retitleDocument, title, revision, id);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.titles[row] = operation;
            partition.revisions[row] = revision;
        }
    }
}
