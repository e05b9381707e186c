package io.viridian.testkit.ledger;

import java.sql.SQLException;

/** Values handed from row to row under a plain unique constraint, which allows no duplicate even for a moment. */
sealed interface SlotOperation extends Operation.OnRow {

    /**
     * A slot before and after.
     *
     * @param token what the operation puts there; NONE to empty it
     */
    record Slot(int row, long id, long token) {
        void write(Transaction transaction) throws SQLException {
            transaction.one(transaction.statements().setToken, token, id);
        }

        void write(Transaction transaction, long other) throws SQLException {
            transaction.one(transaction.statements().setToken, other, id);
        }

        void apply(Partition partition) {
            partition.tokens[row] = token;
        }
    }

    /** Both slots hold a value. The third value between is negative, like no other. */
    record Swap(Slot left, Slot right) implements SlotOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.SLOT_SWAP;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            left.write(transaction, -left.token());
            right.write(transaction);
            left.write(transaction);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            left.apply(partition);
            right.apply(partition);
        }
    }

    record HandOver(Slot from, Slot to) implements SlotOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.SLOT_HAND_OVER;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            from.write(transaction);
            to.write(transaction);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            from.apply(partition);
            to.apply(partition);
        }
    }

    record Release(Slot slot) implements SlotOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.SLOT_RELEASE;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            slot.write(transaction);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.hand.add(partition.tokens[slot.row()]);
            slot.apply(partition);
        }
    }

    /** Takes the value that has been in the hand longest. */
    record Take(Slot slot) implements SlotOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.SLOT_TAKE;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            slot.write(transaction);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.hand.remove(slot.token());
            slot.apply(partition);
        }
    }
}
