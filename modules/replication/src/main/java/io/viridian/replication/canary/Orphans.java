package io.viridian.replication.canary;

import io.viridian.plan.RowKey;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import io.viridian.replication.lane.Orphan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Looks for rows that refer to nothing, as the server does for the rows of an application: what a row refers to is
 * locked before it is looked for, so that nobody removes it before the commit, and whoever refers to a row that was
 * removed waits for the commit and is refused. Stateless; any thread.
 */
public final class Orphans {
    /** So many are told at once; who mends them looks again. */
    static final int MOST = 1000;

    private final Ties ties;

    public Orphans(Ties ties) {
        this.ties = ties;
    }

    /**
     * Those that these rows have part in, as either the one or the other.
     *
     * @param session with a transaction open in which the rows were written, and which reads what others commit
     */
    List<Orphan> among(Session session, Collection<RowKey> rows) {
        List<Orphan> found = new ArrayList<>();
        for (Tie tie : ties.all()) {
            List<RowKey> children = of(tie.child(), rows);
            if (!children.isEmpty()) {
                found.addAll(withoutParent(session, tie, children));
            }
            List<RowKey> parents = of(tie.parent(), rows);
            if (!parents.isEmpty()) {
                found.addAll(withoutThese(session, tie, parents));
            }
        }
        return found.stream().distinct().toList();
    }

    private static List<RowKey> of(RowPair pair, Collection<RowKey> rows) {
        return rows.stream()
                .filter(row -> row.table().equals(pair.on(Side.BLUE)))
                .toList();
    }

    /** One of each foreign key of the side, in whole tables. */
    public List<Orphan> everywhere(Session session) {
        Side side = session.side();
        List<Orphan> found = new ArrayList<>();
        for (Tie tie : ties.all()) {
            String sql = "select " + selected(tie, side) + " from "
                    + tie.child().on(side).sql() + " c where " + lacking(tie, side) + " limit 1";
            found.addAll(session.list(sql, row -> orphan(tie, row)));
        }
        return found;
    }

    private static List<Orphan> withoutParent(Session session, Tie tie, List<RowKey> children) {
        Side side = session.side();
        String rows = keys(tie.child()) + " join " + tie.child().on(side).sql() + " c on "
                + equal(tie.child(), side, index -> "c." + key(tie.child(), side, index));
        Object[] named = columns(tie.child(), children.stream().map(RowKey::key).toList());
        session.one(
                "select count(*) from (select 1 from " + rows + " join "
                        + tie.parent().on(side).sql() + " p on " + refers(tie, side) + " for key share of p) held",
                row -> row.number(1),
                named);
        return session.list(
                "select " + selected(tie, side) + " from " + rows + " where " + lacking(tie, side) + " limit " + MOST,
                row -> orphan(tie, row),
                named);
    }

    /** Only rows that went are looked up among those that refer: the column that refers may have no index. */
    private static List<Orphan> withoutThese(Session session, Tie tie, List<RowKey> parents) {
        Side side = session.side();
        RowPair pair = tie.parent();
        String absent = "not exists (select 1 from " + pair.on(side).sql() + " p where "
                + equal(pair, side, index -> "p." + key(pair, side, index)) + ")";
        List<List<String>> gone = session.list(
                "select " + names("w.k", pair.key(side).size()) + " from " + keys(pair) + " where " + absent,
                row -> texts(row, 1, pair.key(side).size()),
                columns(pair, parents.stream().map(RowKey::key).toList()));
        if (gone.isEmpty()) {
            return List.of();
        }
        return session.list(
                "select " + selected(tie, side) + " from " + keys(pair) + " join "
                        + tie.child().on(side).sql() + " c on "
                        + equal(
                                pair,
                                side,
                                index -> "c." + Sql.identifier(tie.columns(side).get(index))) + " where "
                        + absent + " limit " + MOST,
                row -> orphan(tie, row),
                columns(pair, gone));
    }

    private static Orphan orphan(Tie tie, Row row) {
        int key = tie.child().blueKey().size();
        return new Orphan(
                new RowKey(tie.child().on(Side.BLUE), texts(row, 1, key)),
                new RowKey(
                        tie.parent().on(Side.BLUE),
                        texts(row, 1 + key, tie.blueColumns().size())),
                tie.name());
    }

    private static List<String> texts(Row row, int first, int many) {
        return IntStream.range(first, first + many).mapToObj(row::text).toList();
    }

    /** Keys as rows, called {@code w}. */
    private static String keys(RowPair pair) {
        int many = pair.blueKey().size();
        String arrays = IntStream.range(0, many).mapToObj(index -> "?::text[]").collect(Collectors.joining(", "));
        return "unnest(" + arrays + ") as w(" + names("k", many) + ")";
    }

    private static String names(String prefix, int many) {
        return IntStream.range(0, many).mapToObj(index -> prefix + index).collect(Collectors.joining(", "));
    }

    private static Object[] columns(RowPair pair, List<List<String>> keys) {
        return IntStream.range(0, pair.blueKey().size())
                .mapToObj(index -> keys.stream().map(key -> key.get(index)).toArray(String[]::new))
                .toArray();
    }

    private static String key(RowPair pair, Side side, int index) {
        return Sql.identifier(pair.key(side).get(index));
    }

    /** Something has the values of a key of {@code w}. */
    private static String equal(RowPair pair, Side side, Function<Integer, String> something) {
        return IntStream.range(0, pair.key(side).size())
                .mapToObj(index -> something.apply(index) + " = w.k" + index + "::"
                        + pair.type(side, pair.key(side).get(index)).sql())
                .collect(Collectors.joining(" and "));
    }

    private static String selected(Tie tie, Side side) {
        return IntStream.range(0, tie.child().key(side).size())
                        .mapToObj(index -> "c." + key(tie.child(), side, index) + "::text")
                        .collect(Collectors.joining(", "))
                + ", "
                + tie.columns(side).stream()
                        .map(column -> "c." + Sql.identifier(column) + "::text")
                        .collect(Collectors.joining(", "));
    }

    private static String refers(Tie tie, Side side) {
        return IntStream.range(0, tie.columns(side).size())
                .mapToObj(index -> "p." + key(tie.parent(), side, index) + " = c."
                        + Sql.identifier(tie.columns(side).get(index)))
                .collect(Collectors.joining(" and "));
    }

    private static String lacking(Tie tie, Side side) {
        return tie.columns(side).stream()
                        .map(column -> "c." + Sql.identifier(column) + " is not null")
                        .collect(Collectors.joining(" and "))
                + " and not exists (select 1 from " + tie.parent().on(side).sql() + " p where " + refers(tie, side)
                + ")";
    }
}
