package io.viridian.testkit.ledger;

import java.sql.SQLException;

/** Primary keys that change, on rows whose large column does not. */
sealed interface BadgeOperation extends Operation.OnRow {

    /**
     * Gives a badge another code.
     *
     * @param reused the new code was another badge's before
     */
    record Renumber(int row, long oldCode, long newCode, boolean reused) implements BadgeOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.BADGE_RENUMBER;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            transaction.one(transaction.statements().renumberBadge, newCode, transaction.operation(), oldCode);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.codes[row] = newCode;
            partition.stamps[row] = operation;
            if (reused) {
                partition.freeCode = oldCode;
            }
        }
    }

    /**
     * Exchanges the codes of two badges.
     *
     * @param between a code nobody else has, for the moment when both badges would have the same
     */
    record Swap(int left, int right, long leftCode, long rightCode, long between) implements BadgeOperation {
        @Override
        public OperationKind kind() {
            return OperationKind.BADGE_SWAP;
        }

        @Override
        public void perform(Transaction transaction) throws SQLException {
            String renumber = transaction.statements().renumberBadge;
            long stamp = transaction.operation();
            transaction.one(renumber, between, stamp, leftCode);
            transaction.one(renumber, leftCode, stamp, rightCode);
            transaction.one(renumber, rightCode, stamp, between);
        }

        @Override
        public void apply(long operation, Partition partition, Bank bank) {
            partition.codes[left] = rightCode;
            partition.codes[right] = leftCode;
            partition.stamps[left] = operation;
            partition.stamps[right] = operation;
        }
    }
}
