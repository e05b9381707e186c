package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import io.viridian.plan.ExpressionScan;
import io.viridian.plan.Route;
import io.viridian.plan.RowIdentity;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.TargetColumn;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A route with everything about it that is computed once: which columns of a tuple are read, its SQL. Immutable;
 * compared by identity.
 */
public final class RouteLayout {
    private final Route route;
    private final int[] readIndexes;
    private final RouteSql sql;

    private final Membership membership;

    /** Where the target's columns are in a tuple, when rows are copied without a change; else null. */
    private final int @Nullable [] copied;

    RouteLayout(Route route) {
        this.route = route;
        Set<String> known = Set.copyOf(route.from().columnNames());
        this.readIndexes = route.columns().stream()
                .map(TargetColumn::reads)
                .flatMap(Collection::stream)
                .distinct()
                .filter(known::contains)
                .mapToInt(route::sourceIndex)
                .toArray();
        this.sql = new RouteSql(route);
        this.copied = copied(route);
        this.membership = membership(route);
    }

    /**
     * How it is known whether a row that changes or goes was on this route before. What is removed from the target for
     * a row that was not may be another row's: keys that differ in the source, such as (1, 'item') and (1, 'service'),
     * can be one in the target of the route for items.
     */
    enum Membership {
        /** All rows are. */
        ALL,
        /** The filter reads nothing but the key. */
        BY_KEY,
        /** The stream carries the row as it was. */
        BY_ROW,
        /** It is not known; the planner sees to it that rows of other keys cannot be meant. */
        UNKNOWN
    }

    private static Membership membership(Route route) {
        if (route.filter().isEmpty()) {
            return Membership.ALL;
        }
        if (route.expansion().isPresent()) {
            return Membership.UNKNOWN;
        }
        Set<String> names = Set.copyOf(route.from().columnNames());
        if (Set.copyOf(route.sourceKey())
                .containsAll(ExpressionScan.reads(route.filter().get(), route.alias(), names))) {
            return Membership.BY_KEY;
        }
        return route.identity() instanceof RowIdentity.FullWithKey ? Membership.BY_ROW : Membership.UNKNOWN;
    }

    Membership membership() {
        return membership;
    }

    private static int @Nullable [] copied(Route route) {
        if (route.filter().isPresent() || route.expansion().isPresent()) {
            return null;
        }
        Set<String> names = Set.copyOf(route.from().columnNames());
        int[] indexes = new int[route.columns().size()];
        for (int index = 0; index < indexes.length; index++) {
            TargetColumn column = route.columns().get(index);
            Optional<SourceColumn> plain = ExpressionScan.plainReference(column.expression(), route.alias(), names)
                    .filter(reference -> !reference.cast())
                    .map(reference -> route.sourceColumns().get(route.sourceIndex(reference.column())))
                    .filter(source -> source.type().equals(column.type()));
            if (plain.isEmpty()) {
                return null;
            }
            indexes[index] = route.sourceIndex(plain.get().name());
        }
        return indexes;
    }

    /** Where the target's columns are in a tuple, when the texts of the values can be copied as they are. */
    Optional<int[]> copied() {
        return Optional.ofNullable(copied);
    }

    public Route route() {
        return route;
    }

    public RouteSql sql() {
        return sql;
    }

    /**
     * Whether the target holds for every row of the source exactly one, and under its key nobody else's: then what is
     * met there must be as the stream left it.
     */
    boolean exact() {
        return route.filter().isEmpty() && route.owned().isEmpty() && !expands() && !part();
    }

    /** Whether it only gives values to rows that another route puts there. */
    boolean part() {
        return route.role() == Route.Role.PART;
    }

    /** Whether one row of the source can be any number of rows. */
    boolean expands() {
        return route.expansion().isPresent();
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

    @Override
    public String toString() {
        return route.toString();
    }
}
