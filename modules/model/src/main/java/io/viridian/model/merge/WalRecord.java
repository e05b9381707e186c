package io.viridian.model.merge;

/** One record of blue's log. Its position in the log stands for its log sequence number. */
sealed interface WalRecord {
    /** The commit record of a transaction; from here on the transaction is streamed. */
    record Commit(int transaction) implements WalRecord {
        @Override
        public String toString() {
            return History.name(transaction);
        }
    }

    /** A logical message that ends the window of one attempt at a chunk. */
    record Marker(Range range) implements WalRecord {
        @Override
        public String toString() {
            return "mark-" + range;
        }
    }
}
