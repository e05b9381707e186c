package io.viridian.schema.green;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.postgres.Session;

/**
 * The row on green that says what was done to its schema. Written first in the transaction that does it: whoever comes
 * second, another daemon or the same one after a crash, waits for the row and finds the work done or undone as a whole.
 */
final class Preparation {
    private static final String CLAIM =
            "insert into viridian.prepared (migration, source) values (?, ?) on conflict do nothing";

    private static final String SOURCE = "select source from viridian.prepared where migration = ?";

    private static final String CLAIM_DEFERRAL = """
            update viridian.prepared set deferred_at = clock_timestamp() where migration = ? and deferred_at is null
            """;

    private Preparation() {}

    /** Whether the schema is this transaction's to apply; refuses when it was applied from somewhere else. */
    static boolean claim(Session green, String migration, SchemaOrigin origin) {
        if (green.update(CLAIM, migration, origin.text()) == 1) {
            return true;
        }
        String before = green.one(SOURCE, row -> row.text(1), migration);
        if (!before.equals(origin.text())) {
            throw Fault.about(
                            FaultCode.PLAN_CHANGED,
                            migration,
                            "green's schema was prepared from " + before + ", and schema.from is now " + origin.text())
                    .asException();
        }
        return false;
    }

    /** Whether the indexes are this transaction's to take off. */
    static boolean claimDeferral(Session green, String migration) {
        if (green.update(CLAIM_DEFERRAL, migration) == 1) {
            return true;
        }
        // The claim of the schema comes first; without it this is a bug, and one() says so.
        green.one(SOURCE, row -> row.text(1), migration);
        return false;
    }
}
