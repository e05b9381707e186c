package io.viridian.testkit.ledger;

/** What the writer knows about an operation. */
enum Outcome {
    /** No id of this number was given out. */
    NONE,
    /** Begun and not ended yet. */
    INTENDED,
    /** COMMIT returned. */
    ACKNOWLEDGED,
    /** COMMIT was sent and its answer lost. */
    UNKNOWN,
    /** Was unknown; its entry has been seen since. */
    SETTLED_PRESENT,
    /** Was unknown; its entry was not there and no transaction in flight held it. */
    SETTLED_ABSENT,
    /** Failed before COMMIT was sent, or COMMIT was refused. */
    REFUSED,
    /** The writer took it back. */
    ROLLED_BACK;

    /** Whether the entry has to be in the database. */
    boolean demandsEntry() {
        return this == ACKNOWLEDGED || this == SETTLED_PRESENT;
    }

    /** Whether the entry may be in the database. */
    boolean allowsEntry() {
        return demandsEntry() || this == UNKNOWN;
    }
}
