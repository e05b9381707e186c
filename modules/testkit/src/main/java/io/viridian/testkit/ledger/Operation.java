package io.viridian.testkit.ledger;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;

/**
 * One transaction of a writer: what it does to the database, and what it does to the expectation once it is known to
 * have committed. All parameters are fixed when it is made, so performing it has no choices left.
 */
sealed interface Operation {

    OperationKind kind();

    /** The statements, in an open transaction; the entry comes after them, from the writer. */
    void perform(Transaction transaction) throws SQLException;

    /** The same effects on the writer's own rows and on the balances. */
    void apply(long operation, Partition partition, Bank bank);

    /** Locks in the order of ids: writers meet here, and a deadlock would look like a pause. */
    record Transfer(int from, int to, long amount) implements Operation {
        @Override
        public OperationKind kind() {
            return OperationKind.TRANSFER;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            int first = Math.min(from, to);
            int second = Math.max(from, to);
            String credit = transaction.statements().creditAccount;
            transaction.one(credit, first == from ? -amount : amount, first + 1L);
            transaction.one(credit, second == from ? -amount : amount, second + 1L);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            bank.credit(from, -amount);
            bank.credit(to, amount);
        }
    }

    record Increment(int row, long id) implements Operation {
        @Override
        public OperationKind kind() {
            return OperationKind.INCREMENT;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            transaction.one(transaction.statements().incrementCounter, id);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.counters[row]++;
        }
    }

    /** A compound of several operations on different tables, in the order given. */
    record Compound(List<Operation> parts) implements Operation {

        public Compound {
            parts = List.copyOf(parts);
        }

        @Override
        public OperationKind kind() {
            return OperationKind.COMPOUND;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            for (Operation part : parts) {
                part.perform(transaction);
            }
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            parts.forEach(part -> part.apply(operation, partition, bank));
        }
    }

    /** Does all of it, entry included; the writer rolls back instead of committing. */
    record RolledBack(Operation undone) implements Operation {
        @Override
        public OperationKind kind() {
            return OperationKind.ROLLBACK;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            undone.perform(transaction);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            throw new IllegalStateException("a rollback must never count as committed");
        }
    }

    /**
     * Keeps one part and takes back another with an entry of its own.
     *
     * @param ghost the id under which the part that is taken back enters itself; it must never be seen
     */
    record PartlyRolledBack(Operation kept, Operation undone, long ghost) implements Operation {
        @Override
        public OperationKind kind() {
            return OperationKind.SAVEPOINT;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            kept.perform(transaction);
            Savepoint savepoint = transaction.connection().setSavepoint();
            Transaction undoing = transaction.as(ghost);
            undone.perform(undoing);
            undoing.recordEntry(kind());
            transaction.connection().rollback(savepoint);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            kept.apply(operation, partition, bank);
        }
    }

    /** Operations on slots, badges, documents and visits, which have files of their own. */
    non-sealed interface OnRow extends Operation {}
}
