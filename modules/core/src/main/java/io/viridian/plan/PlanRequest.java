package io.viridian.plan;

import java.util.List;
import java.util.Map;

/**
 * What the {@link Planner} needs to know.
 *
 * @param include which blue tables belong to the migration
 * @param exclude which of those do not
 * @param derived what blue's server says about the queries of the mapping, by target
 * @param greenComplete whether green's schema is in its final form; until then a missing target is no refusal
 * @param reverse whether rows must be able to travel back
 */
public record PlanRequest(
        String migration,
        List<TablePattern> include,
        List<TablePattern> exclude,
        MappingSpec mapping,
        Catalog blue,
        Catalog green,
        Map<TableName, DerivedQuery> derived,
        boolean greenComplete,
        boolean reverse) {
    public PlanRequest {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        derived = Map.copyOf(derived);
    }

    /** Of a mapping without queries. */
    public PlanRequest(
            String migration,
            List<TablePattern> include,
            List<TablePattern> exclude,
            MappingSpec mapping,
            Catalog blue,
            Catalog green,
            boolean greenComplete,
            boolean reverse) {
        this(migration, include, exclude, mapping, blue, green, Map.of(), greenComplete, reverse);
    }

    /** Blue's tables inside the migration, in name order. */
    public List<TableShape> tables() {
        return blue.tables().stream()
                .filter(table -> matches(include, table) && !matches(exclude, table))
                .toList();
    }

    private static boolean matches(List<TablePattern> patterns, TableShape table) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(table.name()));
    }
}
