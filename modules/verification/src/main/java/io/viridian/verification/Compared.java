package io.viridian.verification;

import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is compared at once: a target, with all routes into it.
 *
 * @param routes at least one, all into the same target
 */
record Compared(List<Route> routes) {
    Compared {
        routes = List.copyOf(routes);
    }

    /** These routes by their targets, in the order in which the targets come first. */
    static List<Compared> of(Collection<Route> routes) {
        Map<TableName, List<Route>> byTarget = new LinkedHashMap<>();
        routes.forEach(route ->
                byTarget.computeIfAbsent(route.target(), _ -> new ArrayList<>()).add(route));
        return byTarget.values().stream().map(Compared::new).toList();
    }

    TableName target() {
        return routes.getFirst().target();
    }

    List<TableName> sources() {
        return routes.stream().map(Route::source).distinct().toList();
    }

    /** What the mapping makes of all sources together. */
    Image source(Plan plan, PairFacts facts) {
        return RouteImages.together(
                routes.stream().map(route -> facts.images(plan, route).source()).toList());
    }

    /** What the target holds. */
    Image target(Plan plan, PairFacts facts) {
        return RouteImages.targetOf(
                routes.stream().map(route -> facts.images(plan, route)).toList());
    }

    @Override
    public String toString() {
        return sources().stream().map(TableName::toString).collect(Collectors.joining(", ")) + " -> " + target();
    }
}
