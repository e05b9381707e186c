package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import io.viridian.plan.Direction;
import io.viridian.plan.Route;
import io.viridian.plan.RouteSource;
import io.viridian.plan.RouteTarget;
import io.viridian.plan.RowIdentity;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import io.viridian.plan.TypeName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes that copy a table as it is, without a catalog behind them. */
public final class Layouts {
    private Layouts() {}

    public static Route route(String table, String keyType, RowIdentity identity, Optional<String> filter) {
        List<SourceColumn> source = List.of(
                new SourceColumn("id", type(keyType), false),
                new SourceColumn("v", type("int4"), false),
                new SourceColumn("body", type("text"), true));
        List<TargetColumn> target = source.stream()
                .map(column -> new TargetColumn(
                        column.name(), column.type(), "s." + Sql.identifier(column.name()), Set.of(column.name())))
                .toList();
        List<String> key = identity instanceof RowIdentity.FullWithoutKey ? List.of() : List.of("id");
        TableName name = TableName.parse(table);
        List<String> names = target.stream().map(TargetColumn::name).toList();
        return new Route(
                Direction.FORWARD,
                new RouteSource(name, source, identity, false),
                "s",
                filter,
                Optional.empty(),
                new RouteTarget(name, key, names, false),
                target,
                Optional.empty());
    }

    /** The layout of the table that this route reads. */
    public static SourceLayout layout(Route route) {
        return Objects.requireNonNull(SourceLayout.of(List.of(route)).get(route.source()));
    }

    /** The one route of such a table. */
    public static Route route(SourceLayout layout) {
        return layout.routes().getFirst().route();
    }

    /** A table with an integer key. */
    public static SourceLayout keyed(String table) {
        return layout(route(table, "int4", new RowIdentity.Key(List.of("id")), Optional.empty()));
    }

    /** A table whose key is ordered by a collation, so that it is copied whole. */
    public static SourceLayout named(String table) {
        return layout(route(table, "text", new RowIdentity.Key(List.of("id")), Optional.empty()));
    }

    public static SourceLayout keyless(String table) {
        return layout(route(table, "int4", new RowIdentity.FullWithoutKey(), Optional.empty()));
    }

    public static TypeName type(String name) {
        return new TypeName("pg_catalog", name);
    }

    /** Texts stay the objects they are, because {@link Tuple#UNCHANGED} is known by identity. */
    public static Tuple tuple(@Nullable Object... values) {
        @Nullable String[] texts = new @Nullable String[values.length];
        for (int index = 0; index < texts.length; index++) {
            Object value = values[index];
            texts[index] = value == null || value instanceof String ? (String) value : value.toString();
        }
        return new Tuple(texts);
    }

    public static List<String> key(Object value) {
        return List.of(value.toString());
    }

    public static RowChange.Insert insert(SourceLayout layout, Object id, Object v, @Nullable Object body) {
        return new RowChange.Insert(layout, keyOf(layout, id), tuple(id, v, body));
    }

    public static RowChange.Update update(
            SourceLayout layout, Object before, Object id, Object v, @Nullable Object body) {
        return new RowChange.Update(layout, keyOf(layout, before), keyOf(layout, id), tuple(id, v, body), null);
    }

    public static RowChange.Delete delete(SourceLayout layout, Object id) {
        return new RowChange.Delete(layout, keyOf(layout, id), tuple(id, null, null));
    }

    private static List<String> keyOf(SourceLayout layout, Object id) {
        return layout.keyed() ? key(id) : List.of();
    }
}
