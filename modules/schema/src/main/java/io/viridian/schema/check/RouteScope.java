package io.viridian.schema.check;

import io.viridian.plan.ExpressionScan;
import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.TargetColumn;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How the columns of a route are fed. */
final class RouteScope {
    private final Route route;
    private final Set<String> names;

    RouteScope(Route route) {
        this.route = route;
        this.names = route.sourceColumns().stream().map(SourceColumn::name).collect(Collectors.toSet());
    }

    /** The source column that feeds a target column and nothing else does, but for a cast. */
    Optional<SourceColumn> plainSource(TargetColumn column) {
        if (route.expansion().filter(one -> one.fed().contains(column.name())).isPresent()) {
            return Optional.empty();
        }
        return ExpressionScan.plainReference(column.expression(), route.alias(), names)
                .map(reference -> route.sourceColumns().get(route.sourceIndex(reference.column())));
    }

    /** Whether a column is copied without anything that could fail: no expression, no cast, the same type. */
    boolean copied(TargetColumn column) {
        return ExpressionScan.plainReference(column.expression(), route.alias(), names)
                        .filter(reference -> !reference.cast())
                        .isPresent()
                && plainSource(column)
                        .filter(source -> source.type().equals(column.type()))
                        .isPresent();
    }

    boolean copiedThroughout() {
        return route.filter().isEmpty()
                && route.expansion().isEmpty()
                && route.columns().stream().allMatch(this::copied);
    }
}
