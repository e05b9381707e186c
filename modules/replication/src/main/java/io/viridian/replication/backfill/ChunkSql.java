package io.viridian.replication.backfill;

import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.replication.merge.ChunkRange;
import java.util.ArrayList;
import java.util.List;
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
        List<String> conditions = new ArrayList<>();
        route.filter().ifPresent(filter -> conditions.add("(" + filter + ")"));
        range.low().ifPresent(low -> conditions.add(keyTuple() + " >= " + literalTuple(low)));
        range.high().ifPresent(high -> conditions.add(keyTuple() + " < " + literalTuple(high)));
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
                + Sql.identifier(route.alias()) + where + ") to stdout (format " + format + ")";
    }

    String copyIn() {
        return "copy " + route.target().sql() + " (" + Sql.identifiers(route.targetColumnNames())
                + ") from stdin (format " + format + ")";
    }

    /** The key that lies {@code rows} rows after {@code low}, where the next chunk begins. */
    String boundary(java.util.Optional<List<String>> low, long rows) {
        String key = route.sourceKey().stream()
                .map(column -> Sql.identifier(route.alias()) + "." + Sql.identifier(column))
                .collect(Collectors.joining(", "));
        String texts = route.sourceKey().stream()
                .map(column -> Sql.identifier(route.alias()) + "." + Sql.identifier(column) + "::text")
                .collect(Collectors.joining(", "));
        String where = low.map(from -> " where " + keyTuple() + " >= " + literalTuple(from))
                .orElse("");
        return "select array[" + texts + "] from " + route.source().sql() + " as " + Sql.identifier(route.alias())
                + where + " order by " + key + " offset " + rows + " limit 1";
    }

    private String keyTuple() {
        return route.sourceKey().stream()
                .map(column -> Sql.identifier(route.alias()) + "." + Sql.identifier(column))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private String literalTuple(List<String> key) {
        List<String> parts = new ArrayList<>();
        for (int index = 0; index < key.size(); index++) {
            SourceColumn column = route.sourceColumns()
                    .get(route.sourceIndex(route.sourceKey().get(index)));
            parts.add(Sql.literal(key.get(index)) + "::" + column.type().sql());
        }
        return "(" + String.join(", ", parts) + ")";
    }
}
