package io.viridian.cutover;

import io.viridian.plan.SequenceName;
import io.viridian.plan.Sql;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A sequence at one moment (manual 14-18, CREATE SEQUENCE, and section 53.47, pg_sequence).
 *
 * @param last the value last taken out of it, including those that sessions keep in their caches
 * @param called whether {@code last} was handed out; if not it is the next one
 * @param cache how many values a session takes at once
 */
public record SequencePosition(
        SequenceName name, long last, boolean called, long increment, long min, long max, long cache, boolean cycle) {

    /** The sequences, in the order asked for, in one round trip; a role that may not read one of them is refused. */
    public static List<SequencePosition> read(Session session, List<SequenceName> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        String positions = IntStream.range(0, names.size())
                .mapToObj(index -> "select %d as place, %s::regclass::oid as id, last_value, is_called from %s"
                        .formatted(
                                index,
                                Sql.literal(names.get(index).sql()),
                                names.get(index).sql()))
                .collect(Collectors.joining(" union all "));
        return session.list(
                "select p.place, p.last_value, p.is_called, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle from ("
                        + positions + ") p join pg_sequence s on s.seqrelid = p.id order by p.place",
                row -> position(names, row));
    }

    private static SequencePosition position(List<SequenceName> names, Row row) {
        return new SequencePosition(
                names.get((int) row.number(1)),
                row.number(2),
                row.truth(3),
                row.number(4),
                row.number(5),
                row.number(6),
                row.number(7),
                row.truth(8));
    }

    /** How many sessions of applications there are: each may be about to fill its cache. */
    public static long sessions(Session session) {
        return session.one(
                "select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'",
                row -> row.number(1));
    }

    boolean ascending() {
        return increment > 0;
    }
}
