package io.viridian.verification;

import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.Kind;
import io.viridian.proof.Verification.RowDifference;
import io.viridian.proof.Verification.TableResult;
import io.viridian.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * What the target's deferrable keys would have refused. The server watches them by a trigger, which does not fire for
 * rows that are applied; and rows that are all as the mapping makes them may still have a value in common, where it
 * makes one of two. One thread.
 */
final class DeferrableKeys {
    private static final String KEYS = """
            select con.conname,
                   array(select quote_ident(a.attname) from unnest(con.conkey) with ordinality as k(number, place)
                         join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.number order by k.place),
                   pg_get_constraintdef(con.oid) like '%NULLS NOT DISTINCT%'
            from pg_constraint con
            where con.conrelid = ?::regclass and con.contype in ('p', 'u') and con.condeferrable
            order by 1
            """;

    /** As many as make clear what is wrong. */
    private static final int TOLD = 5;

    private final SessionPair sessions;
    private final PairFacts facts;
    private final Deadline by;

    /** A constraint, and the columns of it. */
    private record Key(String name, List<String> columns, boolean ofNulls) {
        String list() {
            return String.join(", ", columns);
        }
    }

    /** One value of a key in several rows, and how many rows are too many in all. */
    private record Duplicate(String value, long rows, long surplusOfAll) {
        RowDifference of(Key key, TableName target) {
            String expected = "in one row, by constraint " + key.name();
            return new RowDifference(
                    target,
                    key.list() + "=" + value,
                    Kind.DIFFERENT,
                    List.of(new ColumnDifference(key.list(), expected, "in " + rows + " rows")));
        }
    }

    /** What a target has several times. */
    private record Duplicates(long surplus, List<RowDifference> told) {}

    DeferrableKeys(SessionPair sessions, PairFacts facts, Deadline by) {
        this.sessions = sessions;
        this.facts = facts;
        this.by = by;
    }

    /** The result, with what has a value more than once. */
    TableResult judge(TableResult compared) throws InterruptedException {
        List<Callable<Duplicates>> looking = List.of(() -> find(sessions.target(), compared.target()));
        Duplicates found = TaskGroup.run(
                        "looking for values that " + compared.target() + " has twice",
                        looking,
                        List.of(sessions.target()),
                        by)
                .getFirst();
        if (found.surplus() == 0) {
            return compared;
        }
        List<RowDifference> differences = new ArrayList<>(compared.differences());
        differences.addAll(found.told());
        return new TableResult(
                compared.sources(),
                compared.target(),
                compared.sourceRows(),
                compared.targetRows(),
                false,
                compared.differing() + found.surplus(),
                differences);
    }

    private Duplicates find(Session session, TableName target) {
        long surplus = 0;
        List<RowDifference> told = new ArrayList<>();
        for (Key key : session.list(KEYS, row -> new Key(row.text(1), row.texts(2), row.truth(3)), target.sql())) {
            List<Duplicate> found = Statements.list(
                    session, duplicates(key, target), row -> new Duplicate(row.text(1), row.number(2), row.number(3)));
            found.forEach(one -> told.add(one.of(key, target)));
            surplus += found.isEmpty() ? 0 : found.getFirst().surplusOfAll();
        }
        return new Duplicates(surplus, told);
    }

    /** An ordinary comparison, as that of the index behind the constraint; nulls are unlike each other. */
    private String duplicates(Key key, TableName target) {
        String value = key.columns().size() == 1 ? key.list() + "::text" : "row(" + key.list() + ")::text";
        String given = key.columns().stream()
                .map(column -> column + " is not null")
                .collect(Collectors.joining(" and ", " where ", ""));
        return "select coalesce(viridian_value, 'null'), viridian_rows, (sum(viridian_rows - 1) over ())::bigint from (select "
                + value + " as viridian_value, count(*) as viridian_rows from "
                + facts.target().relation(target) + (key.ofNulls() ? "" : given) + " group by " + key.list()
                + " having count(*) > 1) as viridian_duplicate order by 1 limit " + TOLD;
    }
}
