package io.viridian.verification;

import io.viridian.fault.FaultException;
import io.viridian.fault.Invariant;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.TableResult;
import io.viridian.proof.Verifier;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A comparison of touched rows with everything done before it that can be. A session that is asked for the first time
 * reads catalogs and plans, for each table: with forty tables that is longer than comparing some thousand rows. So the
 * sessions have compared a few rows of every table before the writers are stopped; what that found does not count.
 */
final class PreparedRows implements Verifier.PreparedComparison {
    /** Of each table; more would make nothing warmer. */
    private static final int EXAMPLES = 50;

    private final Plan plan;
    private final List<Compared> all;
    private final Clock clock;
    private final SessionPair sessions;
    private final PairFacts facts;

    /** What a comparison needs besides plan and routes. */
    record Parts(Databases databases, Direction direction, VerifyLimits limits, Clock clock) {}

    private PreparedRows(Plan plan, List<Compared> all, Clock clock, SessionPair sessions, PairFacts facts) {
        this.plan = plan;
        this.all = all;
        this.clock = clock;
        this.sessions = sessions;
        this.facts = facts;
    }

    static PreparedRows open(
            Plan plan, List<Compared> all, Parts parts, Map<TableName, List<List<String>>> touched, Deadline by)
            throws InterruptedException {
        SessionPair sessions = SessionPair.open(parts.databases(), parts.direction(), "verify rows", by);
        try {
            PairFacts facts = PairFacts.read(sessions, all, parts.limits().strongest(), by);
            PreparedRows prepared = new PreparedRows(plan, all, parts.clock(), sessions, facts);
            prepared.warm(touched, by);
            return prepared;
        } catch (FaultException failure) {
            sessions.close();
            throw Unfinished.from(failure);
        } catch (RuntimeException | Error | InterruptedException failure) {
            sessions.close();
            throw failure;
        }
    }

    private void warm(Map<TableName, List<List<String>>> touched, Deadline by) throws InterruptedException {
        sessions.each("making ready to compare rows", PreparedRows::begin, by);
        for (RowsOf rows : RowsOf.of(all)) {
            List<List<String>> keys = touched.getOrDefault(rows.rememberedAs(), List.of());
            if (!keys.isEmpty()) {
                new RowComparison(plan, rows, facts, sessions, by)
                        .compare(keys.subList(0, Math.min(EXAMPLES, keys.size())));
            }
        }
        sessions.each("making ready to compare rows", Session::rollback, by);
    }

    private static void begin(Session session) {
        session.beginSnapshot();
        session.execute(RowComparison.SETTINGS);
    }

    @Override
    public Verification compare(Map<TableName, List<List<String>>> touched, Deadline by) throws InterruptedException {
        Instant started = clock.now();
        long startNanoTime = clock.nanoTime();
        Set<TableName> known = new HashSet<>();
        all.forEach(one -> {
            known.addAll(one.sources());
            known.add(one.target());
        });
        Invariant.require(known.containsAll(touched.keySet()), "touched tables without a route: " + touched.keySet());
        try {
            List<TableResult> results = compared(touched, by);
            return new Verification(started, clock.since(startNanoTime), Duration.ZERO, results);
        } catch (FaultException failure) {
            throw Unfinished.from(failure);
        }
    }

    private List<TableResult> compared(Map<TableName, List<List<String>>> touched, Deadline by)
            throws InterruptedException {
        String limit = Sessions.limit(by);
        sessions.each(
                "taking the snapshots",
                session -> {
                    session.execute(limit);
                    session.beginSnapshot();
                },
                by);
        List<TableResult> results = new ArrayList<>();
        for (Route route : keyless(touched)) {
            results.add(new TableComparison(plan, new Compared(route), facts, sessions, by).compare());
        }
        sessions.each("preparing to compare rows", session -> session.execute(RowComparison.SETTINGS), by);
        for (RowsOf rows : RowsOf.of(all)) {
            if (touched.containsKey(rows.rememberedAs())) {
                List<List<String>> keys = new ArrayList<>(touched.getOrDefault(rows.rememberedAs(), List.of()));
                results.add(new RowComparison(plan, rows, facts, sessions, by).compare(keys));
            }
        }
        return results;
    }

    private List<Route> keyless(Map<TableName, List<List<String>>> touched) {
        return all.stream()
                .flatMap(one -> one.routes().stream())
                .filter(route -> !route.keyed() && touched.containsKey(route.source()))
                .toList();
    }

    @Override
    public void close() {
        sessions.close();
    }
}
