package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.feed.Tuple;
import io.viridian.plan.Route;
import io.viridian.plan.RowIdentity;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.TargetColumn;
import io.viridian.plan.TypeName;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A route with everything about it that is computed once: where its key sits in a tuple, which columns are read, its
 * SQL. Immutable; compared by identity.
 */
public final class RouteLayout {
    private final Route route;
    private final int[] keyIndexes;
    private final int[] readIndexes;
    private final RouteSql sql;

    public RouteLayout(Route route) {
        this.route = route;
        this.keyIndexes = route.keyed()
                ? route.sourceKey().stream().mapToInt(route::sourceIndex).toArray()
                : new int[0];
        this.readIndexes = route.columns().stream()
                .map(TargetColumn::reads)
                .flatMap(Collection::stream)
                .distinct()
                .mapToInt(this::indexOrNone)
                .filter(index -> index >= 0)
                .toArray();
        this.sql = new RouteSql(route);
    }

    public Route route() {
        return route;
    }

    public RouteSql sql() {
        return sql;
    }

    public boolean keyed() {
        return route.keyed();
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
                                route.source().toString(),
                                "a change of " + route.source() + " carries no value for its key column "
                                        + route.sourceColumns().get(index).name())
                        .asException();
            }
            key[part] = value;
        }
        return List.of(key);
    }

    /** The columns that an expression reads and this tuple does not carry. */
    public Set<String> missing(Tuple tuple) {
        if (complete(tuple)) {
            return Set.of();
        }
        Set<String> missing = new HashSet<>();
        for (int index : readIndexes) {
            if (tuple.unchanged(index)) {
                missing.add(route.sourceColumns().get(index).name());
            }
        }
        return missing;
    }

    public boolean complete(Tuple tuple) {
        for (int index : readIndexes) {
            if (tuple.unchanged(index)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks that the stream describes the table as the plan knows it.
     *
     * @param types the object ids of the types on the source
     * @throws io.viridian.fault.FaultException with SCHEMA_CHANGED when it does not
     */
    public void require(Change.SourceTable described, Map<TypeName, Long> types) {
        List<String> planned =
                route.sourceColumns().stream().map(SourceColumn::name).toList();
        List<String> streamed =
                described.columns().stream().map(Change.SourceTableColumn::name).toList();
        if (!planned.equals(streamed)) {
            throw changed("the columns of " + route.source() + " are now " + streamed + ", the plan knows " + planned);
        }
        for (int index = 0; index < planned.size(); index++) {
            TypeName type = route.sourceColumns().get(index).type();
            if (!Objects.equals(types.get(type), described.columns().get(index).typeOid())) {
                throw changed("the type of " + route.source() + "." + planned.get(index) + " is not " + type
                        + " any more, as the plan knows it");
            }
        }
        requireIdentity(described);
    }

    private void requireIdentity(Change.SourceTable described) {
        boolean full = switch (route.identity()) {
            case RowIdentity.FullWithKey _, RowIdentity.FullWithoutKey _ -> true;
            case RowIdentity.Key _, RowIdentity.Absent _ -> false;
        };
        Set<String> naming = described.columns().stream()
                .filter(Change.SourceTableColumn::partOfKey)
                .map(Change.SourceTableColumn::name)
                .collect(Collectors.toSet());
        boolean same = full
                ? described.identity() == 'f'
                : described.identity() != 'f' && naming.equals(Set.copyOf(route.sourceKey()));
        if (!same) {
            throw changed("the replica identity of " + route.source() + " is now '" + described.identity() + "' over "
                    + naming + ", the plan knows " + route.identity());
        }
    }

    private RuntimeException changed(String what) {
        return Fault.about(FaultCode.SCHEMA_CHANGED, route.source().toString(), what)
                .asException();
    }

    private int indexOrNone(String column) {
        for (int index = 0; index < route.sourceColumns().size(); index++) {
            if (route.sourceColumns().get(index).name().equals(column)) {
                return index;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return route.toString();
    }
}
