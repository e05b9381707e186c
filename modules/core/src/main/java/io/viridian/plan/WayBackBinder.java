package io.viridian.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Turns one draft and its route forward into the route back, or says why it cannot. */
final class WayBackBinder {
    private static final Set<String> WIDENING = Set.of(
            "int2>int4",
            "int2>int8",
            "int4>int8",
            "int2>numeric",
            "int4>numeric",
            "int8>numeric",
            "float4>float8",
            "varchar>text",
            "text>varchar",
            "bpchar>text",
            "json>text",
            "uuid>text",
            "date>text",
            "bool>text");

    private final List<Finding> findings;
    private final RouteBinder routes;

    WayBackBinder(List<Finding> findings) {
        this.findings = findings;
        this.routes = new RouteBinder(findings);
    }

    private int refusals() {
        return (int) findings.stream().filter(Finding::refuses).count();
    }

    /**
     * The way back of a rule.
     *
     * @param led of a rule after one that takes every row of its table, the columns that those before it lead back;
     *     absent for one that leads whole rows back
     */
    Optional<Route> reverse(TableShape blue, TableShape green, Draft draft, Route forward, Optional<Set<String>> led) {
        int before = refusals();
        if (forward.expansion().isPresent()) {
            return gathered(blue, green, draft, forward, led);
        }
        if (green.identity() instanceof RowIdentity.Absent) {
            findings.add(RouteBinder.identityMissing("green", green));
        }
        List<MappingSpec.Assignment> inverse = new ArrayList<>();
        Map<String, List<TargetColumn>> copies = copies(blue, draft, forward);
        for (ColumnShape column : blue.columns()) {
            if (!column.generated()) {
                inverseOf(column, draft, copies.getOrDefault(column.name(), List.of()))
                        .filter(one -> ofThisPart(blue, draft, one, led))
                        .ifPresent(inverse::add);
            }
        }
        List<TargetColumn> columns = routes.targetColumns(green, blue, "t", inverse, Optional.empty());
        List<String> key = forward.keyed() ? routes.key(green, blue, columns, Optional.empty()) : List.of();
        if (led.isPresent()) {
            refuseWhatAPartCannotTakeBack(blue, green, columns, key, led.get());
            refuseAPartOfEveryRow(blue, green, draft);
        } else {
            refuseUnfedOnBlue(blue, columns);
        }
        forward.owned()
                .ifPresent(mine -> routes.refuseWhatUnchangedValuesBreak(green, "t", Optional.of(mine), columns));
        routes.refuseWhereRowsMayMeet(green, "t", forward.owned(), columns, key);
        if (refusals() > before) {
            return Optional.empty();
        }
        Route back = back(green, blue, forward.owned(), columns, key);
        return Optional.of(led.isPresent() ? back.as(Route.Role.PART) : back);
    }

    /**
     * Many rows of green are values of one row of blue: aggregates over them, as the author declares. They are read of
     * what blue remembers of green's rows, so of columns that the rule feeds.
     */
    private Optional<Route> gathered(
            TableShape blue, TableShape green, Draft draft, Route forward, Optional<Set<String>> led) {
        int before = refusals();
        if (led.isEmpty()) {
            refuseGathering(
                    green,
                    "one row of " + blue.name() + " becomes many of " + green.name() + ", and no rule before leads "
                            + blue.name() + "'s rows themselves back",
                    "put a rule that takes every row of " + blue.name() + " before it, or set reverse.enabled: false");
            return Optional.empty();
        }
        if (draft.inverse().isEmpty()) {
            refuseGathering(
                    green,
                    "one row of " + blue.name() + " becomes many of " + green.name()
                            + ", and nothing says what becomes of those on the way back",
                    "declare it under inverse: of the rule, like: tags: coalesce(array_agg(t.tag order by t.position), '{}');"
                            + " or set reverse.enabled: false");
            return Optional.empty();
        }
        if (draft.where().isPresent()) {
            refuseGathering(
                    green,
                    "one row of " + blue.name() + " becomes many of " + green.name()
                            + " only where a condition holds, and what has none of them leads back to nothing",
                    "put the condition into expand:, or set reverse.enabled: false");
        }
        if (forward.owned().isPresent()) {
            refuseGathering(
                    green,
                    "several rules fill " + green.name() + ", and nothing tells which of its rows together are one of "
                            + blue.name(),
                    "give it a table of its own, or set reverse.enabled: false");
        }
        List<MappingSpec.Assignment> inverse = new ArrayList<>();
        Map<String, List<TargetColumn>> copies = copies(blue, draft, forward);
        for (ColumnShape column : blue.columns()) {
            boolean declared =
                    draft.inverse().stream().anyMatch(one -> one.column().equals(column.name()));
            if (declared || named(forward, copies.getOrDefault(column.name(), List.of()))) {
                inverseOf(column, draft, copies.getOrDefault(column.name(), List.of()))
                        .ifPresent(inverse::add);
            }
        }
        List<TargetColumn> columns = routes.targetColumns(green, blue, "t", inverse, Optional.empty());
        List<String> key = routes.key(green, blue, columns, Optional.empty());
        refuseWhatCannotBeGathered(blue, green, forward, columns, key, led.get());
        if (refusals() > before) {
            return Optional.empty();
        }
        return Optional.of(back(green, blue, Optional.empty(), columns, key).as(Route.Role.GATHERED));
    }

    /** Whether one of these columns is the same in all rows of a source row and names it. */
    private static boolean named(Route forward, List<TargetColumn> copies) {
        return copies.stream().anyMatch(forward.groupColumns()::contains);
    }

    private void refuseWhatCannotBeGathered(
            TableShape blue,
            TableShape green,
            Route forward,
            List<TargetColumn> columns,
            List<String> key,
            Set<String> led) {
        Set<String> fed = Set.copyOf(forward.targetColumnNames());
        for (TargetColumn column : columns) {
            if (key.contains(column.name())) {
                continue;
            }
            String object = blue.name() + "." + column.name();
            if (led.contains(column.name())) {
                refuseGathering(
                        object, "two rules lead " + object + " back", "declare it under the inverse: of one of them");
            }
            Set<String> unknown = new TreeSet<>(column.reads());
            unknown.removeAll(fed);
            if (!unknown.isEmpty()) {
                refuseGathering(
                        object,
                        "the inverse of " + object + " reads " + unknown + " of " + green.name()
                                + ", which the rule does not feed, so of rows that came from blue nobody knows it",
                        "read what the rule feeds, or set reverse.enabled: false");
            }
        }
        if (!fed.containsAll(RouteBinder.from(green).key())) {
            refuseGathering(
                    green,
                    "rows of " + green.name() + " are named by columns that the rule does not feed",
                    "let the replica identity of " + green.name()
                            + " be its primary key, or set reverse.enabled: false");
        }
        boolean large =
                green.columns().stream().anyMatch(column -> column.mayBeToasted() && fed.contains(column.name()));
        if (large && green.identity() instanceof RowIdentity.Key) {
            findings.add(RouteBinder.fullIdentityNeeded(
                    green, "rows of " + green.name() + " together are values of one of " + blue.name()));
        }
    }

    private void refuseGathering(TableShape green, String what, String remedy) {
        refuseGathering(green.name().toString(), what, remedy);
    }

    private void refuseGathering(String object, String what, String remedy) {
        findings.add(Finding.refused("mapping.gather", object, what, remedy));
    }

    /** What is copied into several parts is led back by the first of them, unless the author says otherwise. */
    private static boolean ofThisPart(
            TableShape blue, Draft draft, MappingSpec.Assignment inverse, Optional<Set<String>> led) {
        boolean key = blue.primaryKey().contains(inverse.column())
                || blue.uniqueKeys().stream().anyMatch(one -> one.contains(inverse.column()));
        return key
                || led.filter(before -> before.contains(inverse.column())).isEmpty()
                || draft.inverse().contains(inverse);
    }

    private void refuseAPartOfEveryRow(TableShape blue, TableShape green, Draft draft) {
        if (draft.where().isEmpty()) {
            findings.add(Finding.refused(
                    "mapping.part",
                    green.name().toString(),
                    "every row of " + blue.name() + " has a row of " + green.name()
                            + ", so one that is gone on green would be there again",
                    "say under where: which rows of " + blue.name() + " have something in it, like: " + draft.alias()
                            + ".street is not null; or set reverse.enabled: false"));
        }
    }

    /**
     * A part's row that is gone leaves its columns empty; and a part's row that moves to another key takes all its
     * values with it.
     */
    private void refuseWhatAPartCannotTakeBack(
            TableShape blue, TableShape green, List<TargetColumn> columns, List<String> key, Set<String> led) {
        if (key.isEmpty()) {
            findings.add(Finding.refused(
                    "mapping.part",
                    green.name().toString(),
                    "rows of " + green.name() + " hold a part of rows of " + blue.name()
                            + ", and without a key nothing tells of which",
                    "give both a primary key, or set reverse.enabled: false"));
        }
        for (TargetColumn column : columns) {
            ColumnShape shape = blue.column(column.name()).orElseThrow();
            if (key.contains(column.name())) {
                continue;
            }
            if (shape.notNull() || shape.fedByServer()) {
                findings.add(Finding.refused(
                        "mapping.part",
                        blue.name() + "." + column.name(),
                        blue.name() + "." + column.name() + " cannot be empty, and is when its row of " + green.name()
                                + " is gone or has not come yet",
                        "feed it from the first rule's target, or set reverse.enabled: false"));
            }
            if (led.contains(column.name())) {
                findings.add(Finding.refused(
                        "mapping.part",
                        blue.name() + "." + column.name(),
                        "two rules lead " + blue.name() + "." + column.name() + " back",
                        "declare it under the inverse: of one of them"));
            }
        }
        boolean large = green.columns().stream()
                .anyMatch(column -> column.mayBeToasted()
                        && columns.stream().anyMatch(one -> one.reads().contains(column.name())));
        if (large && green.identity() instanceof RowIdentity.Key) {
            findings.add(RouteBinder.fullIdentityNeeded(
                    green, "a row of " + green.name() + " is a part of one of " + blue.name()));
        }
    }

    /** The way back of a derived target to one of blue's tables, as the author declared it. */
    Optional<Route> reverse(TableShape green, TableShape blue, MappingSpec.Back back) {
        int before = refusals();
        if (green.identity() instanceof RowIdentity.Absent) {
            findings.add(RouteBinder.identityMissing("green", green));
        }
        List<TargetColumn> columns = routes.targetColumns(green, blue, "t", back.columns(), Optional.empty());
        refuseUnfedOnBlue(blue, columns);
        List<String> key = routes.key(green, blue, columns, Optional.empty());
        routes.refuseWhatUnchangedValuesBreak(green, "t", back.where(), columns);
        routes.refuseWhereRowsMayMeet(green, "t", back.where(), columns, key);
        if (refusals() > before) {
            return Optional.empty();
        }
        return Optional.of(back(green, blue, back.where(), columns, key));
    }

    private static Route back(
            TableShape green, TableShape blue, Optional<String> filter, List<TargetColumn> columns, List<String> key) {
        return new Route(
                Direction.REVERSE,
                RouteBinder.from(green),
                "t",
                filter,
                Optional.empty(),
                RouteBinder.into(blue, key),
                columns,
                Optional.empty());
    }

    private void refuseUnfedOnBlue(TableShape blue, List<TargetColumn> columns) {
        for (ColumnShape column : blue.columns()) {
            boolean fed = columns.stream().anyMatch(one -> one.name().equals(column.name()));
            if (!fed && !column.generated() && column.notNull() && !column.fedByServer()) {
                findings.add(Finding.refused(
                        "mapping.no-inverse",
                        blue.name() + "." + column.name(),
                        "no green value leads back to " + blue.name() + "." + column.name()
                                + ", which is NOT NULL and has no default, so a row inserted on green could not return",
                        "declare it under inverse: of the rule, or set reverse.enabled: false"));
            }
        }
    }

    /** The green columns that copy a blue one, by its name. */
    private static Map<String, List<TargetColumn>> copies(TableShape blue, Draft draft, Route forward) {
        Set<String> names = RouteBinder.names(blue);
        Map<String, List<TargetColumn>> copies = new HashMap<>();
        for (TargetColumn column : forward.columns()) {
            ExpressionScan.plainReference(column.expression(), draft.alias(), names)
                    .ifPresent(plain -> copies.computeIfAbsent(plain.column(), _ -> new ArrayList<>())
                            .add(column));
        }
        return copies;
    }

    private static Optional<MappingSpec.Assignment> inverseOf(
            ColumnShape blueColumn, Draft draft, List<TargetColumn> copies) {
        Optional<MappingSpec.Assignment> declared = draft.inverse().stream()
                .filter(assignment -> assignment.column().equals(blueColumn.name()))
                .findFirst();
        if (declared.isPresent()) {
            return declared;
        }
        return copies.stream()
                .filter(column -> leadsBack(blueColumn.type(), column.type()))
                .findFirst()
                .map(column -> new MappingSpec.Assignment(blueColumn.name(), "t." + Sql.identifier(column.name())));
    }

    private static boolean leadsBack(TypeName from, TypeName to) {
        return from.equals(to)
                || (from.isBuiltIn() && to.isBuiltIn() && WIDENING.contains(from.name() + ">" + to.name()));
    }
}
