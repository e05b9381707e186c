package io.viridian.testkit.ledger;

/** What a writer may do in one transaction; one kind per trap that a replication of rows can fall into. */
public enum OperationKind {
    /** Moves money between any two accounts, of which one may belong to another writer: the sum stays. */
    TRANSFER(20),
    /** Counts up, so that a change applied twice or not at all shows. */
    INCREMENT(20),
    /** Swaps two values under a plain unique constraint by way of a third: the order within the transaction matters. */
    SLOT_SWAP(6),
    /** One row gives its unique value to another in the same transaction. */
    SLOT_HAND_OVER(6),
    /** The first half of handing over in two transactions. */
    SLOT_RELEASE(4),
    /** The second half. */
    SLOT_TAKE(4),
    /** Changes a primary key, to a new value or to one that another row had before; a large column stays untouched. */
    BADGE_RENUMBER(6),
    /** Two rows swap primary keys. */
    BADGE_SWAP(3),
    /** Writes a large value anew. */
    DOCUMENT_REWRITE(5),
    /** Changes a small column beside a large value, which the change then does not carry. */
    DOCUMENT_RETITLE(8),
    VISIT_DELETE(4),
    /** Inserts a key that was deleted before. */
    VISIT_INSERT(4),
    /** Deletes and inserts the same key in one transaction. */
    VISIT_REPLACE(4),
    /** Several of the above, over several tables. */
    COMPOUND(8),
    /** Does something and takes it back: it must leave nothing. */
    ROLLBACK(4),
    /** Takes back only a part, by a savepoint; the rest commits. */
    SAVEPOINT(4);

    private final int weight;

    OperationKind(int weight) {
        this.weight = weight;
    }

    /** How often, relative to the others of the mix. */
    int weight() {
        return weight;
    }
}
