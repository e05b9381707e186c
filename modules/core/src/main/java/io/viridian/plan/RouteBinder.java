package io.viridian.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Turns one draft into a route forward, or says why it cannot; and what both ways need of a route. */
final class RouteBinder {
    private final List<Finding> findings;

    RouteBinder(List<Finding> findings) {
        this.findings = findings;
    }

    static Set<String> names(TableShape table) {
        return table.columns().stream().map(ColumnShape::name).collect(Collectors.toSet());
    }

    Optional<Route> forward(TableShape source, TableShape target, Draft draft) {
        int before = refusals();
        if (source.identity() instanceof RowIdentity.Absent) {
            findings.add(identityMissing("blue", source));
        }
        Optional<Expansion> expansion = draft.expand().map(sql -> expansion(target, draft, sql));
        List<TargetColumn> columns = targetColumns(source, target, draft.alias(), draft.columns(), expansion);
        refuseUnfedColumns(source, target, columns);
        List<String> key = key(source, target, columns, expansion);
        refuseWhatUnchangedValuesBreak(source, draft.alias(), draft.where(), columns);
        refuseWhereRowsMayMeet(source, draft.alias(), draft.where(), columns, key);
        expansion.ifPresent(_ -> refuseWhatExpandingNeeds(source, columns));
        if (refusals() > before) {
            return Optional.empty();
        }
        return Optional.of(new Route(
                Direction.FORWARD,
                from(source),
                draft.alias(),
                draft.where(),
                expansion,
                into(target, key),
                columns,
                Optional.empty()));
    }

    static RouteSource from(TableShape table) {
        List<SourceColumn> columns = table.columns().stream()
                .filter(column -> !column.generated())
                .map(column -> new SourceColumn(column.name(), column.type(), column.mayBeToasted()))
                .toList();
        return new RouteSource(table.name(), columns, table.identity(), table.partitioned());
    }

    static RouteTarget into(TableShape table, List<String> key) {
        List<String> stored = table.columns().stream()
                .filter(column -> !column.generated())
                .map(ColumnShape::name)
                .toList();
        return new RouteTarget(table.name(), key, stored, table.partitioned());
    }

    /**
     * A row that the filter leaves behind must not be taken for one that it takes: when it goes, nothing is to be
     * removed from the target. That is known by the key, if the filter reads nothing else; by the row as it was, if the
     * stream carries it; or because no two keys of the source are one in the target, which only copies of them promise.
     */
    void refuseWhereRowsMayMeet(
            TableShape source, String alias, Optional<String> where, List<TargetColumn> columns, List<String> key) {
        if (where.isEmpty() || !(source.identity() instanceof RowIdentity.Key identity)) {
            return;
        }
        boolean byKey = identity.columns().containsAll(ExpressionScan.reads(where.get(), alias, names(source)));
        Set<String> copied = columns.stream()
                .filter(column -> key.contains(column.name()))
                .flatMap(column -> ExpressionScan.plainReference(column.expression(), alias, names(source)).stream())
                .map(ExpressionScan.PlainReference::column)
                .collect(Collectors.toSet());
        if (!byKey && !copied.containsAll(identity.columns())) {
            findings.add(Finding.refused(
                    "blue.identity-full",
                    source.name().toString(),
                    "rows of " + source.name()
                            + " that the filter leaves behind may come to the key of one that it takes,"
                            + " and when they go nothing tells which of them it was",
                    "alter table " + source.name().sql() + " replica identity full;"));
        }
    }

    private int refusals() {
        return (int) findings.stream().filter(Finding::refuses).count();
    }

    static Finding identityMissing(String side, TableShape table) {
        return Finding.refused(
                side + ".identity",
                table.name().toString(),
                table.name() + " on " + side + " has neither a primary key nor a replica identity",
                "alter table " + table.name().sql() + " replica identity full;");
    }

    /** What an expression reads of an expansion it reads of the row, too. */
    private Expansion expansion(TableShape target, Draft draft, String sql) {
        Optional<Set<String>> names = Expansion.names(sql);
        if (names.isEmpty()) {
            findings.add(Finding.refused(
                    "mapping.expand",
                    target.name().toString(),
                    "the rule from a table into " + target.name() + " expands by '" + sql
                            + "', which does not end with names for what it gives",
                    "end it with an alias and its columns, like: unnest(i.tags) with ordinality as x(tag, position)"));
        }
        Set<String> fed = draft.columns().stream()
                .filter(assignment -> ExpressionScan.mentions(assignment.expression(), names.orElse(Set.of())))
                .map(MappingSpec.Assignment::column)
                .collect(Collectors.toSet());
        return new Expansion(sql, fed);
    }

    /**
     * The rows of one source row are written together, so a large value that an update does not carry is missing, but
     * when there is nothing else that could have changed.
     */
    private void refuseWhatExpandingNeeds(TableShape source, List<TargetColumn> columns) {
        if (sourceKey(source).isEmpty()) {
            findings.add(Finding.refused(
                    "mapping.expand",
                    source.name().toString(),
                    "rows of " + source.name() + " have no key, so nobody could tell which rows came of one",
                    "give " + source.name() + " a primary key"));
        }
        if (!(source.identity() instanceof RowIdentity.Key key)) {
            return;
        }
        Set<String> read =
                columns.stream().flatMap(column -> column.reads().stream()).collect(Collectors.toSet());
        read.removeAll(key.columns());
        boolean large =
                source.columns().stream().anyMatch(column -> column.mayBeToasted() && read.contains(column.name()));
        if (large && read.size() > 1) {
            findings.add(fullIdentityNeeded(source, "one row becomes many, which read " + new TreeSet<>(read)));
        }
    }

    List<TargetColumn> targetColumns(
            TableShape source,
            TableShape target,
            String alias,
            List<MappingSpec.Assignment> assignments,
            Optional<Expansion> expansion) {
        List<TargetColumn> columns = new ArrayList<>();
        Set<String> names = names(source);
        for (MappingSpec.Assignment assignment : assignments) {
            Optional<ColumnShape> column = target.column(assignment.column());
            String object = target.name() + "." + assignment.column();
            if (column.isEmpty()) {
                findings.add(Finding.refused(
                        "mapping.unknown-column", object, object + " does not exist", "correct the column's name"));
                continue;
            }
            if (column.get().generated()) {
                findings.add(Finding.refused(
                        "mapping.generated-column",
                        object,
                        object + " is a generated column and computes itself",
                        "remove it from the rule"));
                continue;
            }
            Set<String> reads = new HashSet<>(ExpressionScan.reads(assignment.expression(), alias, names));
            expansion
                    .filter(one -> one.fed().contains(assignment.column()))
                    .ifPresent(one -> reads.addAll(ExpressionScan.reads(one.sql(), alias, names)));
            ColumnShape shape = column.get();
            columns.add(new TargetColumn(
                    assignment.column(),
                    shape.type(),
                    shape.storedAs(),
                    shape.insertOnly(),
                    assignment.expression(),
                    reads));
        }
        return columns;
    }

    private void refuseUnfedColumns(TableShape source, TableShape target, List<TargetColumn> columns) {
        Set<String> fed = columns.stream().map(TargetColumn::name).collect(Collectors.toSet());
        for (ColumnShape column : target.columns()) {
            if (column.notNull() && !column.fedByServer() && !column.generated() && !fed.contains(column.name())) {
                findings.add(Finding.refused(
                        "mapping.unfed-column",
                        target.name() + "." + column.name(),
                        "no expression of the rule from " + source.name() + " feeds " + target.name() + "."
                                + column.name() + ", which is NOT NULL and has no default",
                        "add it to columns: of the rule, or give it a default on green"));
            }
        }
    }

    /**
     * The target's key, when every column of it is fed from columns that name the source row, or tells the rows apart
     * that one source row becomes.
     */
    List<String> key(TableShape source, TableShape target, List<TargetColumn> columns, Optional<Expansion> expansion) {
        if (source.identity() instanceof RowIdentity.FullWithoutKey
                || source.identity() instanceof RowIdentity.Absent) {
            return List.of();
        }
        Set<String> naming = new HashSet<>(sourceKey(source));
        Map<String, TargetColumn> fed = new HashMap<>();
        columns.forEach(column -> fed.put(column.name(), column));
        List<List<String>> candidates = new ArrayList<>();
        if (!target.primaryKey().isEmpty()) {
            candidates.add(target.primaryKey());
        }
        candidates.addAll(target.uniqueKeys());
        for (List<String> candidate : candidates) {
            Set<String> telling = expansion.map(Expansion::fed).orElse(Set.of());
            boolean names = candidate.stream()
                    .allMatch(name -> fed.containsKey(name)
                            && (telling.contains(name)
                                    || naming.containsAll(fed.get(name).reads())));
            if (names && (expansion.isEmpty() || groups(candidate, fed, telling, naming))) {
                return candidate;
            }
        }
        findings.add(Finding.refused(
                "mapping.key",
                target.name().toString(),
                "no unique key of " + target.name() + " is computed from " + sourceKey(source)
                        + ", the columns that name a row of " + source.name()
                        + ", so an UPDATE or DELETE would not find its row",
                "map the key of " + source.name() + " to a primary key or unique not-null key of " + target.name()));
        return List.of();
    }

    /** Whether the rows of one source row, and no others, can be found by what is the same in all of them. */
    private static boolean groups(
            List<String> candidate, Map<String, TargetColumn> fed, Set<String> telling, Set<String> naming) {
        Set<String> read = new HashSet<>();
        candidate.stream()
                .filter(name -> !telling.contains(name))
                .map(fed::get)
                .filter(Objects::nonNull)
                .forEach(column -> read.addAll(column.reads()));
        return read.containsAll(naming);
    }

    private static List<String> sourceKey(TableShape source) {
        return switch (source.identity()) {
            case RowIdentity.Key key -> key.columns();
            case RowIdentity.FullWithKey key -> key.columns();
            case RowIdentity.FullWithoutKey _, RowIdentity.Absent _ -> List.of();
        };
    }

    /**
     * An update that leaves an out-of-line value alone does not carry it (protocol §2.1). A column that copies just
     * that value is left alone on the target too; an expression or filter that mixes it with others needs it.
     */
    void refuseWhatUnchangedValuesBreak(
            TableShape source, String alias, Optional<String> where, List<TargetColumn> columns) {
        if (!(source.identity() instanceof RowIdentity.Key)) {
            return;
        }
        Set<String> toasted = source.columns().stream()
                .filter(ColumnShape::mayBeToasted)
                .map(ColumnShape::name)
                .collect(Collectors.toSet());
        toasted.removeAll(sourceKey(source));
        for (TargetColumn column : columns) {
            if (column.reads().size() > 1 && column.reads().stream().anyMatch(toasted::contains)) {
                findings.add(
                        fullIdentityNeeded(source, "the expression of " + column.name() + " reads " + column.reads()));
            }
        }
        if (where.isPresent()) {
            Set<String> read =
                    columns.stream().flatMap(column -> column.reads().stream()).collect(Collectors.toSet());
            read.addAll(ExpressionScan.reads(where.get(), alias, names(source)));
            if (read.stream().anyMatch(toasted::contains)) {
                findings.add(fullIdentityNeeded(source, "rows enter and leave the rule by its filter"));
            }
        }
    }

    static Finding fullIdentityNeeded(TableShape source, String why) {
        return Finding.refused(
                "blue.identity-full",
                source.name().toString(),
                why + ", and an UPDATE does not carry large values it leaves alone",
                "alter table " + source.name().sql() + " replica identity full;");
    }
}
