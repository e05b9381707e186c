package io.viridian.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes routes into one target agree: the same columns in the same order, the same key, and something that tells whose
 * a row is. That is what the author says under {@code owns:}, or on the way back of a table that was split the
 * condition of the part; else it is constants, which are expressions that read no column.
 */
final class TargetSharing {
    private final List<Finding> findings;
    private final Map<Route, String> parts;

    /** @param parts of routes, SQL over the target's row {@code t} that is true for the rows of this one */
    TargetSharing(List<Finding> findings, Map<Route, String> parts) {
        this.findings = findings;
        this.parts = parts;
    }

    /** The same routes in the same order; those that share a target know which of its rows are theirs. */
    List<Route> settled(List<Route> routes) {
        Map<TableName, List<Route>> byTarget = new LinkedHashMap<>();
        routes.stream()
                .filter(route -> !route.besides())
                .forEach(route -> byTarget.computeIfAbsent(route.target(), _ -> new ArrayList<>())
                        .add(route));
        Map<TableName, List<String>> marks = new LinkedHashMap<>();
        byTarget.forEach((target, together) -> {
            if (together.size() > 1) {
                marks.put(target, agreed(target, together));
            }
        });
        return routes.stream()
                .map(route -> Optional.ofNullable(route.besides() ? null : marks.get(route.target()))
                        .map(columns -> route.ordered().sharing(parts.getOrDefault(route, condition(route, columns))))
                        .orElse(route))
                .toList();
    }

    /** The columns whose constants tell the routes apart; refuses what does not fit together. */
    private List<String> agreed(TableName target, List<Route> together) {
        Route first = together.getFirst();
        for (Route other : together.subList(1, together.size())) {
            refuseOtherColumns(first, other);
            refuseOtherColumns(other, first);
            if (!first.targetKey().equals(other.targetKey())) {
                findings.add(Finding.refused(
                        "mapping.merge-key",
                        target.toString(),
                        "rows of " + first.source() + " are named by " + first.targetKey() + " of " + target
                                + ", and rows of " + other.source() + " by " + other.targetKey(),
                        "feed the same unique key of " + target + " in every rule"));
            }
        }
        List<String> constants = first.columns().stream()
                .map(TargetColumn::name)
                .filter(name -> together.stream()
                        .allMatch(route -> constant(route, name).isPresent()))
                .toList();
        if (parts.keySet().containsAll(together)) {
            return constants;
        }
        for (int one = 0; one < together.size(); one++) {
            for (int other = one + 1; other < together.size(); other++) {
                refuseUntold(together.get(one), together.get(other), constants);
            }
        }
        return constants;
    }

    private void refuseOtherColumns(Route one, Route other) {
        for (TargetColumn column : one.columns()) {
            if (!other.targetColumnNames().contains(column.name())) {
                findings.add(Finding.refused(
                        "mapping.merge-columns",
                        one.target() + "." + column.name(),
                        "the rule from " + one.source() + " feeds " + one.target() + "." + column.name()
                                + ", and the rule from " + other.source() + " does not",
                        "feed it there too: with null, if these rows have nothing to put there"));
            }
        }
    }

    private void refuseUntold(Route one, Route other, List<String> constants) {
        boolean told = constants.stream().anyMatch(name -> !constant(one, name).equals(constant(other, name)));
        if (!told) {
            findings.add(Finding.refused(
                    "mapping.merge-mark",
                    one.target().toString(),
                    "nothing in a row of " + one.target() + " tells whether it comes from " + one.source() + " or from "
                            + other.source() + (one.source().equals(other.source()) ? " by another rule" : ""),
                    one.direction() == Direction.FORWARD
                            ? "feed one column with a constant in each rule, like kind: \"'a'\" and kind: \"'b'\", or say"
                                    + " under owns: which rows are whose, like t.id < 1000000"
                            : "give each part of " + one.target() + " a where: that excludes the others, or set"
                                    + " reverse.enabled: false"));
        }
    }

    private static Optional<String> constant(Route route, String name) {
        return route.columns().stream()
                .filter(column -> column.name().equals(name) && column.reads().isEmpty())
                .map(TargetColumn::storedExpression)
                .findFirst();
    }

    private static String condition(Route route, List<String> marks) {
        return marks.isEmpty()
                ? "true"
                : marks.stream()
                        .map(name -> "t." + Sql.identifier(name) + " is not distinct from "
                                + constant(route, name).orElseThrow())
                        .collect(Collectors.joining(" and "));
    }
}
