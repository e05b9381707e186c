package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import io.viridian.plan.Direction;
import io.viridian.plan.Route;
import io.viridian.plan.RowIdentity;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import io.viridian.plan.TypeName;
import java.util.List;
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
                Direction.FORWARD, name, "s", source, identity, filter, name, target, key, names, false, false);
    }

    /** A table with an integer key. */
    public static RouteLayout keyed(String table) {
        return new RouteLayout(route(table, "int4", new RowIdentity.Key(List.of("id")), Optional.empty()));
    }

    /** A table whose key is ordered by a collation, so that it is copied whole. */
    public static RouteLayout named(String table) {
        return new RouteLayout(route(table, "text", new RowIdentity.Key(List.of("id")), Optional.empty()));
    }

    public static RouteLayout keyless(String table) {
        return new RouteLayout(route(table, "int4", new RowIdentity.FullWithoutKey(), Optional.empty()));
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

    public static RowChange.Insert insert(RouteLayout layout, Object id, Object v, @Nullable Object body) {
        return new RowChange.Insert(layout, keyOf(layout, id), tuple(id, v, body));
    }

    public static RowChange.Update update(
            RouteLayout layout, Object before, Object id, Object v, @Nullable Object body) {
        return new RowChange.Update(layout, keyOf(layout, before), keyOf(layout, id), tuple(id, v, body), null);
    }

    public static RowChange.Delete delete(RouteLayout layout, Object id) {
        return new RowChange.Delete(layout, keyOf(layout, id), tuple(id, null, null));
    }

    private static List<String> keyOf(RouteLayout layout, Object id) {
        return layout.keyed() ? key(id) : List.of();
    }
}
