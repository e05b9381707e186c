package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.feed.Tuple;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.RouteSource;
import io.viridian.plan.RowIdentity;
import io.viridian.plan.SourceRoutes;
import io.viridian.plan.TableName;
import io.viridian.plan.TypeName;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A source table with everything about it that is computed once: where its key sits in a tuple, and the routes that
 * read it. Immutable; compared by identity.
 */
public final class SourceLayout {
    private final RouteSource source;
    private final int[] keyIndexes;
    private final List<RouteLayout> routes;
    private final TableName group;

    private SourceLayout(SourceRoutes routes, TableName group) {
        this.source = routes.source();
        this.keyIndexes =
                routes.keyed() ? source.key().stream().mapToInt(source::index).toArray() : new int[0];
        this.routes = routes.routes().stream()
                .filter(route -> route.role() != Route.Role.GATHERED)
                .map(RouteLayout::new)
                .toList();
        this.group = group;
    }

    /** The layouts of all tables that these routes read, by name. */
    public static Map<TableName, SourceLayout> of(Collection<Route> routes) {
        TargetGroups groups = new TargetGroups(routes);
        Map<TableName, SourceLayout> layouts = new LinkedHashMap<>();
        Plan.sources(routes)
                .forEach(one -> layouts.put(
                        one.name(), new SourceLayout(one, groups.of(one.routes().getFirst()))));
        return layouts;
    }

    public TableName name() {
        return source.name();
    }

    public RouteSource source() {
        return source;
    }

    /** Those that are written row by row; the rows of the others are written by {@link GatheredRows}. */
    public List<RouteLayout> routes() {
        return routes;
    }

    /** The same for all sources whose rows can meet in a target, directly or through others. */
    TableName group() {
        return group;
    }

    public boolean keyed() {
        return keyIndexes.length > 0;
    }

    /** Whether some of its rows stay behind on some route. */
    boolean filtered() {
        return routes.stream().anyMatch(layout -> layout.route().filter().isPresent());
    }

    /** Whether the tuple carries whatever any route reads. */
    public boolean complete(Tuple tuple) {
        return routes.stream().allMatch(layout -> layout.complete(tuple));
    }

    /**
     * The row with its key's values taken from the old key, where the update left a large one alone (a key of more than
     * 2 kB can be stored out of line, and the stream then carries it with the old key only).
     */
    public Tuple withKey(Tuple row, @Nullable Tuple oldKey) {
        for (int index : keyIndexes) {
            if (oldKey != null && row.unchanged(index)) {
                return row.with(keyIndexes, oldKey);
            }
        }
        return row;
    }

    /** The key's values in a tuple that carries them. */
    public List<String> key(Tuple tuple) {
        String[] key = new String[keyIndexes.length];
        for (int part = 0; part < key.length; part++) {
            int index = keyIndexes[part];
            String value = tuple.value(index);
            if (value == null || tuple.unchanged(index)) {
                throw Fault.about(
                                FaultCode.STREAM_UNEXPECTED,
                                name().toString(),
                                "a change of " + name() + " carries no value for its key column "
                                        + source.columns().get(index).name())
                        .asException();
            }
            key[part] = value;
        }
        return List.of(key);
    }

    /**
     * Checks that the stream describes the table as the plan knows it.
     *
     * @param types the object ids of the types on the source
     * @throws io.viridian.fault.FaultException with SCHEMA_CHANGED when it does not
     */
    public void require(Change.SourceTable described, Map<TypeName, Long> types) {
        List<String> planned = source.columnNames();
        List<String> streamed =
                described.columns().stream().map(Change.SourceTableColumn::name).toList();
        if (!planned.equals(streamed)) {
            throw changed("the columns of " + name() + " are now " + streamed + ", the plan knows " + planned);
        }
        for (int index = 0; index < planned.size(); index++) {
            TypeName type = source.columns().get(index).type();
            if (!Objects.equals(types.get(type), described.columns().get(index).typeOid())) {
                throw changed("the type of " + name() + "." + planned.get(index) + " is not " + type
                        + " any more, as the plan knows it");
            }
        }
        requireIdentity(described);
    }

    private void requireIdentity(Change.SourceTable described) {
        boolean full = switch (source.identity()) {
            case RowIdentity.FullWithKey _, RowIdentity.FullWithoutKey _ -> true;
            case RowIdentity.Key _, RowIdentity.Absent _ -> false;
        };
        Set<String> naming = described.columns().stream()
                .filter(Change.SourceTableColumn::partOfKey)
                .map(Change.SourceTableColumn::name)
                .collect(Collectors.toSet());
        boolean same = full
                ? described.identity() == 'f'
                : described.identity() != 'f' && naming.equals(Set.copyOf(source.key()));
        if (!same) {
            throw changed("the replica identity of " + name() + " is now '" + described.identity() + "' over " + naming
                    + ", the plan knows " + source.identity());
        }
    }

    private RuntimeException changed(String what) {
        return Fault.about(FaultCode.SCHEMA_CHANGED, name().toString(), what).asException();
    }

    @Override
    public String toString() {
        return name().toString();
    }

    /** Which targets hang together because one source feeds them, by their first name. */
    private static final class TargetGroups {
        private final Map<TableName, TableName> parents = new HashMap<>();

        TargetGroups(Collection<Route> routes) {
            routes.forEach(route -> parents.put(route.target(), route.target()));
            Map<TableName, TableName> first = new HashMap<>();
            for (Route route : routes) {
                TableName earlier = first.putIfAbsent(route.source(), route.target());
                if (earlier != null) {
                    join(earlier, route.target());
                }
            }
        }

        TableName of(Route route) {
            return root(route.target());
        }

        private void join(TableName one, TableName other) {
            TableName left = root(one);
            TableName right = root(other);
            if (left.compareTo(right) < 0) {
                parents.put(right, left);
            } else {
                parents.put(left, right);
            }
        }

        private TableName root(TableName table) {
            TableName at = table;
            TableName above = parents.getOrDefault(at, at);
            while (!above.equals(at)) {
                at = above;
                above = parents.getOrDefault(at, at);
            }
            return at;
        }
    }
}
