package io.viridian.replication.backfill;

import io.viridian.plan.Route;
import io.viridian.plan.RouteSource;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.replication.merge.ChunkRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statements that copy one route's rows. */
final class ChunkSql {
    private final Route route;
    private final String format;

    ChunkSql(Route route) {
        this.route = route;
        boolean binary =
                route.columns().stream().allMatch(column -> column.type().isBuiltIn());
        this.format = binary ? "binary" : "text";
    }

    String copyOut(ChunkRange range) {
        String key = keyTuple(route.from(), route.alias());
        List<String> conditions = new ArrayList<>();
        route.filter().ifPresent(filter -> conditions.add("(" + filter + ")"));
        range.low().ifPresent(low -> conditions.add(key + " >= " + literalTuple(route.from(), low)));
        range.high().ifPresent(high -> conditions.add(key + " < " + literalTuple(route.from(), high)));
        return copyOut(conditions);
    }

    /**
     * The rows in pages from {@code first} up to, not including, {@code end}; a negative end means to the last page.
     */
    String copyOutPages(long first, long end) {
        List<String> conditions = new ArrayList<>();
        route.filter().ifPresent(filter -> conditions.add("(" + filter + ")"));
        String ctid = Sql.identifier(route.alias()) + ".ctid";
        conditions.add(ctid + " >= '(" + first + ",0)'::tid");
        if (end >= 0) {
            conditions.add(ctid + " < '(" + end + ",0)'::tid");
        }
        return copyOut(conditions);
    }

    private String copyOut(List<String> conditions) {
        String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        return "copy (select " + route.selectList() + " from " + route.source().sql() + " as "
                + Sql.identifier(route.alias()) + route.lateral() + where + ") to stdout (format " + format + ")";
    }

    String copyIn() {
        return "copy " + route.target().sql() + " (" + Sql.identifiers(route.targetColumnNames())
                + ") from stdin (format " + format + ")";
    }

    /** The key that lies {@code rows} rows after {@code low}, where the next chunk begins. */
    static String boundary(RouteSource source, Optional<List<String>> low, long rows) {
        String texts = source.key().stream()
                .map(column -> "s." + Sql.identifier(column) + "::text")
                .collect(Collectors.joining(", "));
        String where = low.map(from -> " where " + keyTuple(source, "s") + " >= " + literalTuple(source, from))
                .orElse("");
        return "select array[" + texts + "] from " + source.name().sql() + " as s" + where + " order by "
                + keyColumns(source, "s") + " offset " + rows + " limit 1";
    }

    private static String keyColumns(RouteSource source, String alias) {
        return source.key().stream()
                .map(column -> Sql.identifier(alias) + "." + Sql.identifier(column))
                .collect(Collectors.joining(", "));
    }

    private static String keyTuple(RouteSource source, String alias) {
        return "(" + keyColumns(source, alias) + ")";
    }

    private static String literalTuple(RouteSource source, List<String> key) {
        List<String> parts = new ArrayList<>();
        for (int index = 0; index < key.size(); index++) {
            SourceColumn column = source.columns().get(source.index(source.key().get(index)));
            parts.add(Sql.literal(key.get(index)) + "::" + column.type().sql());
        }
        return "(" + String.join(", ", parts) + ")";
    }
}
