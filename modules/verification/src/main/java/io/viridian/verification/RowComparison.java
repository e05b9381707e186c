package io.viridian.verification;

import io.viridian.plan.Plan;
import io.viridian.postgres.Session;
import io.viridian.proof.Verification.TableResult;
import io.viridian.time.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Compares the rows of one table that have these source keys, while nobody writes on either side. One thread.
 *
 * <p>The source answers which of the keys it has and what the mapping makes of them; the target is asked for the keys
 * that the mapping makes of all of them. So a row that must not be there, because it was deleted or left the filter,
 * is found as well.
 */
final class RowComparison {
    /** Keys in one query: few enough for its text to stay below a megabyte, enough for round trips not to count. */
    private static final int BATCH_KEYS = 5_000;

    /**
     * Keys lead to rows through the unique indexes that every keyed route has on both sides. Fresh tables have no
     * statistics, and under the fence a plan that reads a whole table instead, or is compiled first, costs the budget.
     */
    static final String SETTINGS = """
            set enable_seqscan = off;
            set enable_hashjoin = off;
            set enable_mergejoin = off;
            set jit = off;
            set max_parallel_workers_per_gather = 0
            """;

    private final RowsOf rows;
    private final PairFacts facts;
    private final KeyedImages images;
    private final SessionPair sessions;
    private final Deadline by;

    RowComparison(Plan plan, RowsOf rows, PairFacts facts, SessionPair sessions, Deadline by) {
        this.rows = rows;
        this.facts = facts;
        this.images = rows.images(plan, facts);
        this.sessions = sessions;
        this.by = by;
    }

    TableResult compare(List<List<String>> keys) throws InterruptedException {
        Differences differences = new Differences(rows.target());
        long onSource = 0;
        long onTarget = 0;
        List<List<String>> distinct = List.copyOf(new LinkedHashSet<>(keys));
        for (int from = 0; from < distinct.size(); from += BATCH_KEYS) {
            KeyBatch batch = new KeyBatch(distinct.subList(from, Math.min(from + BATCH_KEYS, distinct.size())));
            ImageQueries source = facts.queries(images.source(batch));
            ImageQueries target = facts.queries(images.target(batch));
            SessionPair.Both<List<RowDigest>> found = asked(source, target);
            List<Surplus.Found> surplus = Surplus.of(found.source(), found.target());
            Optional<Image> wider = surplus.isEmpty() ? Optional.empty() : images.sourceOfAllThatMeet(batch);
            if (wider.isPresent()) {
                source = facts.queries(wider.get());
                found = asked(source, target);
                surplus = Surplus.of(found.source(), found.target());
            }
            differences.count(surplus);
            differences.tell(sessions, source, target, by);
            onSource += found.source().size();
            onTarget += found.target().size();
        }
        boolean equal = differences.counted() == 0;
        return new TableResult(
                rows.sources(), rows.target(), onSource, onTarget, equal, differences.counted(), differences.told());
    }

    private SessionPair.Both<List<RowDigest>> asked(ImageQueries source, ImageQueries target)
            throws InterruptedException {
        return sessions.ask(
                "comparing rows of " + rows.target(),
                session -> digests(session, source),
                session -> digests(session, target),
                by);
    }

    private static List<RowDigest> digests(Session session, ImageQueries queries) {
        return new ArrayList<>(Statements.list(session, queries.rows(), row -> RowDigest.read(row, 1)));
    }
}
