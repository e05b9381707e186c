package io.viridian.verification;

import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.postgres.Session;
import io.viridian.proof.Verification.TableResult;
import io.viridian.time.Deadline;

/** Compares one whole table on two sessions whose snapshots belong together. One thread. */
final class TableComparison {
    private final Route route;
    private final SessionPair sessions;
    private final ImageQueries source;
    private final ImageQueries target;
    private final Deadline by;

    TableComparison(Plan plan, Route route, PairFacts facts, SessionPair sessions, Deadline by) {
        this.route = route;
        this.sessions = sessions;
        RouteImages images = facts.images(plan, route);
        this.source = facts.queries(images.source());
        this.target = facts.queries(images.target());
        this.by = by;
    }

    TableResult compare() throws InterruptedException {
        SessionPair.Both<Totals> totals = sessions.ask(
                "comparing " + route, session -> totals(session, source), session -> totals(session, target), by);
        Differences differences = new Differences(route.target());
        boolean equal = totals.source().equals(totals.target());
        if (!equal) {
            long rows = Math.max(totals.source().rows(), totals.target().rows());
            new Narrowing(sessions, source, target, by).into(differences, rows);
        }
        return new TableResult(
                route.source(),
                route.target(),
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
