package io.viridian.schema.check;

import io.viridian.plan.Direction;
import io.viridian.plan.ExpressionScan;
import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.Side;
import io.viridian.plan.SourceRoutes;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Rules that fill one table keep out of each other's way on the real data: each row is owned by the rule that it comes
 * from and by no other, no two of their rows have the same key, and, with a way back, no row of a table that is split
 * belongs to two of its parts.
 */
final class MergeCheck implements Check {
    @Override
    public String id() {
        return "mapping.merge";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        try (Session session = context.on(Side.BLUE).open("check")) {
            byTarget(context.plan().forward()).forEach((target, routes) -> {
                if (routes.size() > 1 && !context.refused(target) && told(session, target, routes, findings)) {
                    if (context.shape(Side.GREEN, target).isEmpty()) {
                        findings.add(later(target));
                        return;
                    }
                    look(session, target, () -> collision(session, target, routes))
                            .ifPresent(findings::add);
                }
            });
            if (context.reverse()) {
                for (SourceRoutes source : context.plan().sources(Direction.FORWARD)) {
                    overlaps(session, source, findings);
                }
            }
        }
        return findings;
    }

    private static Finding later(TableName target) {
        return Finding.note(
                "mapping.checked-later",
                target.toString(),
                "whether rows of several tables would have one key in " + target
                        + " can be looked at only when it is there and has its key; that is done before the load");
    }

    private static Map<TableName, List<Route>> byTarget(List<Route> routes) {
        return routes.stream().collect(Collectors.groupingBy(Route::target, LinkedHashMap::new, Collectors.toList()));
    }

    /** Whether each row of the target tells whose it is. */
    private static boolean told(Session session, TableName target, List<Route> routes, List<Finding> findings) {
        if (routes.stream().allMatch(MergeCheck::byConstants)) {
            return marksDiffer(session, routes, findings);
        }
        int before = findings.size();
        routes.forEach(route ->
                look(session, target, () -> disowned(session, route, routes)).ifPresent(findings::add));
        return findings.size() == before;
    }

    /** Whether values that every row of the rule has tell its rows from others. */
    private static boolean byConstants(Route route) {
        Set<String> computed = route.columns().stream()
                .filter(column -> !column.reads().isEmpty())
                .map(TargetColumn::name)
                .collect(Collectors.toSet());
        return route.owned()
                .map(owned -> ExpressionScan.reads(owned, "t", computed).isEmpty())
                .orElse(true);
    }

    /** A row of blue that its own rule does not own, or that another one owns too. */
    private static Optional<Finding> disowned(Session session, Route route, List<Route> together) {
        String others = together.stream()
                .filter(other -> !other.equals(route))
                .map(other -> " or (" + other.owned().orElse("false") + ")")
                .collect(Collectors.joining());
        String mine = "(" + route.owned().orElse("true") + ")";
        String images = route.columns().stream()
                .map(column -> column.storedExpression() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return session.first(
                "select t::text, " + mine + " is true from (select " + images + " from "
                        + route.source().sql() + " as " + Sql.identifier(route.alias()) + route.lateral()
                        + route.filter()
                                .map(filter -> " where (" + filter + ")")
                                .orElse("")
                        + ") as t where " + mine + " is not true" + others + " limit 1",
                row -> Finding.refused(
                        "mapping.merge-mark",
                        route.target().toString(),
                        "row " + row.text(1) + " of " + route.target() + " comes from " + route.source()
                                + (row.truth(2)
                                        ? ", and by owns: another rule of it owns it too"
                                        : ", whose rule does not own it by its owns:"),
                        "let owns: of each rule be true for every row that comes from it, and for no other"));
    }

    /** Two texts can mean the same value. */
    private static boolean marksDiffer(Session session, List<Route> routes, List<Finding> findings) {
        for (int one = 0; one < routes.size(); one++) {
            for (int other = one + 1; other < routes.size(); other++) {
                Route mine = routes.get(one);
                Route theirs = routes.get(other);
                if (owns(session, mine, theirs)) {
                    findings.add(Finding.refused(
                            "mapping.merge-mark",
                            mine.target().toString(),
                            "the constants of the rules from " + mine.source() + " and from " + theirs.source()
                                    + " are the same values, so nothing in a row of " + mine.target()
                                    + " tells whose it is",
                            "feed one column with different constants"));
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean owns(Session session, Route mine, Route other) {
        String marks = other.columns().stream()
                .filter(column -> column.reads().isEmpty())
                .map(column -> column.storedExpression() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return session.one(
                "select " + mine.owned().orElse("true") + " from (select " + marks + ") as t", row -> row.truth(1));
    }

    /** A key that two rows would have on green, each from its own rule or both from one. */
    private static Optional<Finding> collision(Session session, TableName target, List<Route> routes) {
        List<TargetColumn> key = routes.getFirst().keyColumns();
        if (key.isEmpty()) {
            return Optional.empty();
        }
        String all = routes.stream().map(MergeCheck::keys).collect(Collectors.joining(" union all "));
        String names = key.stream().map(column -> Sql.identifier(column.name())).collect(Collectors.joining(", "));
        return session.first(
                        "select row(" + names + ")::text, min(viridian_from), max(viridian_from) from (" + all
                                + ") as k group by " + names + " having count(*) > 1 limit 1",
                        row -> List.of(row.text(1), row.text(2), row.text(3)))
                .map(found -> Finding.refused(
                        "mapping.merge-key",
                        target.toString(),
                        "key " + found.get(0) + " of " + target + " would come from a row of " + found.get(1)
                                + " and from a row of " + found.get(2),
                        "make the keys different: with a constant in the key, or an offset"));
    }

    private static String keys(Route route) {
        String columns = route.keyColumns().stream()
                .map(column -> column.storedExpression() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return "select " + columns + ", " + Sql.literal(route.source().toString()) + " as viridian_from from "
                + route.source().sql() + " as " + Sql.identifier(route.alias()) + route.lateral()
                + route.filter().map(filter -> " where (" + filter + ")").orElse("");
    }

    private static void overlaps(Session session, SourceRoutes source, List<Finding> findings) {
        if (source.routes().stream()
                .anyMatch(route -> route.filter().isEmpty() && route.expansion().isEmpty())) {
            // One rule takes every row; the others take more columns of them.
            return;
        }
        List<Route> parts = source.routes().stream()
                .filter(route -> route.filter().isPresent())
                .toList();
        for (int one = 0; one < parts.size(); one++) {
            for (int other = one + 1; other < parts.size(); other++) {
                Route first = parts.get(one);
                Route second = parts.get(other);
                look(session, source.name(), () -> overlap(session, first, second))
                        .ifPresent(findings::add);
            }
        }
    }

    private static Optional<Finding> overlap(Session session, Route one, Route other) {
        String row = one.keyed()
                ? one.sourceKey().stream()
                        .map(column -> "s." + Sql.identifier(column))
                        .collect(Collectors.joining(", ", "row(", ")::text"))
                : "s::text";
        return session.first(
                        "select " + row + " from " + one.source().sql() + " as s where " + holds(one) + " and "
                                + holds(other) + " limit 1",
                        found -> found.text(1))
                .map(key -> Finding.refused(
                        "mapping.split-overlap",
                        one.source().toString(),
                        "row " + key + " of " + one.source() + " goes to " + one.target() + " and to " + other.target()
                                + ", and on the way back each would write the whole row",
                        "make the conditions under where: exclude each other, or set reverse.enabled: false"));
    }

    private static String holds(Route route) {
        return "(select (" + route.filter().orElseThrow() + "\n) from (select s.*) as " + Sql.identifier(route.alias())
                + ")";
    }

    private static Optional<Finding> look(Session session, TableName table, Supplier<Optional<Finding>> question) {
        return new TimedLook(session, "mapping.merge-unknown")
                .at(
                        table,
                        "whether rules of " + table + " meet in a row could not be looked at within half a minute; two"
                                + " rows with one key stop the load",
                        question);
    }
}
