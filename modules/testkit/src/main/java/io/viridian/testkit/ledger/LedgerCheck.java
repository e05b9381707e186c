package io.viridian.testkit.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares a database with the ledger of a workload that is paused or stopped. Ask the owner of the data; ask the other
 * side too, once it has caught up. May be called again, on either side.
 */
public final class LedgerCheck {

    private final LedgerWorkload workload;

    LedgerCheck(LedgerWorkload workload) {
        this.workload = workload;
    }

    /** On a side that speaks blue's dialect. */
    public LedgerReport check(Connection owner) throws SQLException {
        return check(owner, Dialect.BLUE);
    }

    /** Reads everything in one snapshot; leaves the connection without a transaction, in auto-commit mode. */
    public LedgerReport check(Connection owner, Dialect dialect) throws SQLException {
        workload.requireAtRest();
        Findings findings = new Findings();
        EntriesCheck entries = new EntriesCheck(workload.writers(), findings);
        owner.setAutoCommit(false);
        try (Statement statement = owner.createStatement()) {
            statement.execute("set transaction isolation level repeatable read, read only");
            entries.run(owner, dialect);
            new ContentCheck(workload.bank(), dialect, findings).run(owner);
        } finally {
            owner.rollback();
            owner.setAutoCommit(true);
        }
        List<String> violations = new ArrayList<>(findings.words());
        violations.addAll(workload.surprises().kept());
        long entriesFound = entries.lost() + entries.doubled() + entries.invented();
        return new LedgerReport(
                count(Outcome.ACKNOWLEDGED),
                count(Outcome.UNKNOWN) + count(Outcome.SETTLED_PRESENT) + count(Outcome.SETTLED_ABSENT),
                count(Outcome.REFUSED),
                entries.lost(),
                entries.doubled(),
                entries.invented(),
                violations,
                findings.count() - entriesFound + workload.surprises().count());
    }

    private long count(Outcome outcome) {
        return workload.writers().stream()
                .mapToLong(writer -> writer.ledger().count(outcome))
                .sum();
    }
}
