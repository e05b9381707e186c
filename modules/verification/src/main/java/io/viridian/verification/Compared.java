package io.viridian.verification;

import io.viridian.plan.Derivation;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is compared at once: a target, with everything that fills it.
 *
 * @param routes all into the same target; empty for a derived one
 * @param derivation the query that fills it
 */
record Compared(List<Route> routes, Optional<Derivation> derivation) {
    Compared {
        routes = List.copyOf(routes);
    }

    Compared(Route only) {
        this(List.of(only), Optional.empty());
    }

    /** These routes by their targets, in the order in which the targets come first, and then the derived targets. */
    static List<Compared> of(Collection<Route> routes, Collection<Derivation> derived) {
        Map<TableName, List<Route>> byTarget = new LinkedHashMap<>();
        routes.stream()
                .filter(route -> !route.besides())
                .forEach(route -> byTarget.computeIfAbsent(route.target(), _ -> new ArrayList<>())
                        .add(route));
        List<Compared> all = new ArrayList<>();
        byTarget.values().forEach(together -> all.add(new Compared(together, Optional.empty())));
        routes.stream().filter(Route::besides).map(Compared::new).forEach(all::add);
        derived.forEach(one -> all.add(new Compared(List.of(), Optional.of(one))));
        return all;
    }

    TableName target() {
        return derivation
                .map(Derivation::target)
                .orElseGet(() -> routes.getFirst().target());
    }

    List<TableName> sources() {
        return derivation
                .map(one -> one.mirrors().stream()
                        .map(mirror -> mirror.source().name())
                        .toList())
                .orElseGet(() -> routes.stream().map(Route::source).distinct().toList());
    }

    List<TargetColumn> columns() {
        return derivation
                .map(Derivation::columns)
                .orElseGet(() -> routes.getFirst().columns());
    }

    /** What the mapping makes of all sources together. */
    Image source(Plan plan, PairFacts facts) {
        return derivation
                .map(one -> new DerivedImages(one, facts.source(), facts.target()).source())
                .orElseGet(() -> RouteImages.together(routes.stream()
                        .map(route -> facts.images(plan, route).source())
                        .toList()));
    }

    /** What the target holds. */
    Image target(Plan plan, PairFacts facts) {
        return derivation
                .map(one -> new DerivedImages(one, facts.source(), facts.target()).target())
                .orElseGet(() -> RouteImages.targetOf(
                        routes.stream().map(route -> facts.images(plan, route)).toList()));
    }

    @Override
    public String toString() {
        return sources().stream().map(TableName::toString).collect(Collectors.joining(", ")) + " -> " + target();
    }
}
