package io.viridian.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What one migration moves, bound to both catalogs. Immutable for the whole life of the migration: {@code hash} pins
 * the definition (mapping and blue's shape), so a changed file or a changed table is noticed at the next start.
 *
 * @param forward the routes of the mirrors that {@code derived} needs included
 * @param reverse empty when the way back is switched off
 * @param derived targets that queries fill
 */
public record Plan(
        String migration,
        List<Route> forward,
        List<Route> reverse,
        List<Derivation> derived,
        List<SequencePair> sequences,
        String hash) {
    public Plan {
        forward = List.copyOf(forward);
        derived = List.copyOf(derived);
        reverse = List.copyOf(reverse);
        sequences = List.copyOf(sequences);
    }

    public List<Route> routes(Direction direction) {
        return direction == Direction.FORWARD ? forward : reverse;
    }

    public boolean reversible() {
        return !reverse.isEmpty();
    }

    /** The rules that have a way back, with it; not those of queries, whose rows come again by other tables. */
    public List<Inversion> inversions() {
        Map<List<TableName>, List<Route>> between = new HashMap<>();
        forward.forEach(
                route -> between.computeIfAbsent(List.of(route.source(), route.target()), _ -> new ArrayList<>())
                        .add(route));
        List<Inversion> inversions = new ArrayList<>();
        for (Route back : reverse) {
            List<Route> there = between.getOrDefault(List.of(back.target(), back.source()), List.of());
            there.stream()
                    .filter(one -> there.size() == 1 || one.owned().equals(back.filter()))
                    .findFirst()
                    .ifPresent(one -> inversions.add(Inversion.of(one, back)));
        }
        return inversions;
    }

    /** The tables that are read, each with its routes, in the order of those. */
    public List<SourceRoutes> sources(Direction direction) {
        return sources(routes(direction));
    }

    /** The tables that these routes read, each with its routes, in the order of those. */
    public static List<SourceRoutes> sources(Collection<Route> routes) {
        Map<RouteSource, List<Route>> bySource = new LinkedHashMap<>();
        routes.forEach(route ->
                bySource.computeIfAbsent(route.from(), _ -> new ArrayList<>()).add(route));
        return bySource.entrySet().stream()
                .map(one -> new SourceRoutes(one.getKey(), one.getValue()))
                .toList();
    }

    /** The tables of one side that this migration reads or writes, in name order. */
    public SortedSet<TableName> tablesOn(Side side) {
        SortedSet<TableName> tables = new TreeSet<>();
        for (Route route : forward) {
            tables.add(side == Side.BLUE ? route.source() : route.target());
        }
        if (side == Side.GREEN) {
            // Mirrors are ours alone; nobody else writes what is in them.
            tables.removeIf(table -> table.schema().equals(Derivation.SCHEMA));
            derived.forEach(one -> tables.add(one.target()));
        }
        return tables;
    }

    /** The tables of one side whose changes are read, in name order. */
    public SortedSet<TableName> readOn(Side side) {
        SortedSet<TableName> tables = new TreeSet<>();
        routes(Direction.from(side)).forEach(route -> tables.add(route.source()));
        return tables;
    }

    /** Sequences of one side, in the order of {@link #sequences}. */
    public List<SequenceName> sequencesOn(Side side) {
        List<SequenceName> names = new ArrayList<>();
        sequences.forEach(pair -> names.add(pair.on(side)));
        return names;
    }
}
