package io.viridian.verification;

import io.viridian.plan.Plan;
import io.viridian.postgres.Session;
import io.viridian.proof.Verification.TableResult;
import io.viridian.time.Deadline;

/** Compares one whole table on two sessions whose snapshots belong together. One thread. */
final class TableComparison {
    private final Compared compared;
    private final SessionPair sessions;
    private final ImageQueries source;
    private final ImageQueries target;
    private final Deadline by;

    TableComparison(Plan plan, Compared compared, PairFacts facts, SessionPair sessions, Deadline by) {
        this.compared = compared;
        this.sessions = sessions;
        this.source = facts.queries(compared.source(plan, facts));
        this.target = facts.queries(compared.target(plan, facts));
        this.by = by;
    }

    TableResult compare() throws InterruptedException {
        SessionPair.Both<Totals> totals = sessions.ask(
                "comparing " + compared, session -> totals(session, source), session -> totals(session, target), by);
        Differences differences = new Differences(compared.target());
        boolean equal = totals.source().equals(totals.target());
        if (!equal) {
            long rows = Math.max(totals.source().rows(), totals.target().rows());
            new Narrowing(sessions, source, target, by).into(differences, rows);
        }
        return new TableResult(
                compared.sources(),
                compared.target(),
                totals.source().rows(),
                totals.target().rows(),
                equal,
                // A difference that the rows do not explain (an expression that is not immutable) still is one.
                equal ? 0 : Math.max(1, differences.counted()),
                differences.told());
    }

    private static Totals totals(Session session, ImageQueries queries) {
        return Statements.one(session, queries.totals(), row -> Totals.read(row, 1));
    }
}
