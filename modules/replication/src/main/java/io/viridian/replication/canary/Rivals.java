package io.viridian.replication.canary;

import io.viridian.feed.Tuple;
import io.viridian.plan.Direction;
import io.viridian.plan.RowKey;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.SourceLayout;
import io.viridian.replication.lane.Rival;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Looks for rows that hold a value which another one is about to take. Stateless; any thread. */
final class Rivals {
    private final Soles soles;

    Rivals(Soles soles) {
        this.soles = soles;
    }

    /**
     * Those of rows that a lane cannot write.
     *
     * @param row what a change is of
     * @param besides rows that are written along, of which the source knows whether they hold it still
     */
    List<Rival> of(Session target, Direction direction, RowKey row, RowChange change, Set<RowKey> besides) {
        Optional<Tuple> values = values(change);
        List<Rival> found = new ArrayList<>();
        for (Sole sole : values.isPresent() ? soles.of(row) : List.<Sole>of()) {
            texts(change.source(), values.get(), sole.columns(direction.source()))
                    .flatMap(texts -> holder(target, sole, texts))
                    .filter(holder -> !holder.equals(row) && !besides.contains(holder))
                    .ifPresent(holder -> found.add(new Rival(row, holder, sole.name())));
        }
        return found;
    }

    private static Optional<Tuple> values(RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> Optional.of(insert.row());
            case RowChange.Update update -> Optional.of(update.row());
            case RowChange.Delete _, RowChange.Truncate _ -> Optional.empty();
        };
    }

    /** Empty when one is null, which is equal to nothing, or did not change. */
    private static Optional<List<String>> texts(SourceLayout source, Tuple tuple, List<String> columns) {
        List<String> texts = new ArrayList<>();
        for (String column : columns) {
            int index = source.source().index(column);
            String value = tuple.value(index);
            if (value == null || tuple.unchanged(index)) {
                return Optional.empty();
            }
            texts.add(value);
        }
        return Optional.of(texts);
    }

    /** Rows of the other side that would not let this row be beside them, as it is on its own. */
    List<RowKey> inTheWay(Session from, Session into, RowKey row) {
        List<RowKey> found = new ArrayList<>();
        for (Sole sole : soles.of(row)) {
            RowPair pair = sole.pair();
            List<String> columns = sole.columns(from.side());
            String sql = "select " + String.join(", ", names(columns)) + " from "
                    + pair.on(from.side()).sql() + " t where " + equal(pair, from.side(), pair.key(from.side()));
            from.first(sql, one -> nullable(one, columns.size()), row.key().toArray())
                    .flatMap(values -> values)
                    .flatMap(values -> holder(into, sole, values))
                    .filter(holder -> !holder.equals(row) && !found.contains(holder))
                    .ifPresent(found::add);
        }
        return found;
    }

    private static Optional<RowKey> holder(Session session, Sole sole, List<String> values) {
        RowPair pair = sole.pair();
        Side side = session.side();
        return session.first(
                "select " + String.join(", ", names(pair.key(side))) + " from "
                        + pair.on(side).sql() + " t where " + equal(pair, side, sole.columns(side)),
                one -> new RowKey(
                        pair.on(Side.BLUE),
                        IntStream.rangeClosed(1, pair.blueKey().size())
                                .mapToObj(one::text)
                                .toList()),
                values.toArray());
    }

    private static Optional<List<String>> nullable(Row row, int many) {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= many; column++) {
            row.optionalText(column).ifPresent(values::add);
        }
        return values.size() == many ? Optional.of(values) : Optional.empty();
    }

    private static List<String> names(List<String> columns) {
        return columns.stream()
                .map(column -> "t." + Sql.identifier(column) + "::text")
                .toList();
    }

    private static String equal(RowPair pair, Side side, List<String> columns) {
        return String.join(
                " and ",
                columns.stream()
                        .map(column -> "t." + Sql.identifier(column) + " = (?::text)::"
                                + pair.type(side, column).sql())
                        .toList());
    }
}
