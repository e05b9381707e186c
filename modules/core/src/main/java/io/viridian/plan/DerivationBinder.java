package io.viridian.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns a target's query into a derivation and into the routes that mirror what it reads, or says why it cannot. */
final class DerivationBinder {
    private final PlanRequest request;
    private final List<Finding> findings;

    DerivationBinder(PlanRequest request, List<Finding> findings) {
        this.request = request;
        this.findings = findings;
    }

    /** Empty when something is wrong, which has then been told. */
    Optional<Derivation> bind(MappingSpec.Target target, MappingSpec.Derive derive) {
        int before = findings.size();
        DerivedQuery query = request.derived().get(target.table());
        if (query == null) {
            // Whoever asked the server has told why.
            return Optional.empty();
        }
        Optional<TableShape> known = request.green().table(target.table());
        if (known.isEmpty() && request.greenComplete()) {
            refuse("green.table-missing", target.table(), "green has no table " + target.table(), "create it on green");
        }
        TableShape shape = known.orElseGet(() -> assumed(target.table(), derive, query));
        List<TargetColumn> columns = columns(shape, query);
        requireKey(shape, derive, query);
        List<Derivation.Mirror> mirrors = mirrors(target, derive, query);
        if (findings.stream().skip(before).anyMatch(Finding::refuses)) {
            return Optional.empty();
        }
        List<String> stored = shape.columns().stream()
                .filter(column -> !column.generated())
                .map(ColumnShape::name)
                .toList();
        return Optional.of(new Derivation(
                new RouteTarget(target.table(), derive.key(), stored, shape.partitioned()),
                columns,
                query.canonical(),
                new QueryTables(query.canonical(), query.tables()).mirrored(),
                mirrors));
    }

    /** What the target will look like, as far as it can be told before green's schema exists. */
    private static TableShape assumed(TableName table, MappingSpec.Derive derive, DerivedQuery query) {
        TypeName text = new TypeName("pg_catalog", "text");
        List<ColumnShape> columns = query.columns().stream()
                .map(name -> new ColumnShape(name, text, "text", false, false, false, false, true))
                .toList();
        return new TableShape(
                table, 0, columns, derive.key(), new RowIdentity.Key(derive.key()), List.of(), List.of(), false, 0, 0);
    }

    private List<TargetColumn> columns(TableShape target, DerivedQuery query) {
        List<TargetColumn> columns = new ArrayList<>();
        for (String name : query.columns()) {
            Optional<ColumnShape> column = target.column(name);
            if (column.isEmpty() || column.get().generated()) {
                refuse(
                        "mapping.unknown-column",
                        target.name(),
                        "the query of " + target.name() + " gives a column " + name + ", which "
                                + (column.isEmpty() ? "does not exist" : "computes itself"),
                        "name it as a column of " + target.name() + ", or leave it out");
                continue;
            }
            ColumnShape shape = column.get();
            columns.add(new TargetColumn(
                    name, shape.type(), shape.storedAs(), shape.insertOnly(), "q." + Sql.identifier(name), Set.of()));
        }
        for (ColumnShape column : target.columns()) {
            if (column.notNull()
                    && !column.fedByServer()
                    && !column.generated()
                    && !query.columns().contains(column.name())) {
                refuse(
                        "mapping.unfed-column",
                        target.name(),
                        "the query of " + target.name() + " gives nothing for " + column.name()
                                + ", which is NOT NULL and has no default",
                        "select it, or give it a default on green");
            }
        }
        return columns;
    }

    private void requireKey(TableShape target, MappingSpec.Derive derive, DerivedQuery query) {
        List<List<String>> unique = new ArrayList<>(target.uniqueKeys());
        unique.add(target.primaryKey());
        boolean known = unique.stream().anyMatch(key -> new TreeSet<>(key).equals(new TreeSet<>(derive.key())));
        if (!known || derive.key().isEmpty()) {
            refuse(
                    "mapping.key",
                    target.name(),
                    derive.key() + " is no primary key or unique not-null key of " + target.name(),
                    "name such a key under derive: key:");
        }
        derive.key().stream()
                .filter(column -> !query.columns().contains(column))
                .forEach(column -> refuse(
                        "mapping.key",
                        target.name(),
                        "the query of " + target.name() + " does not give its key column " + column,
                        "select it"));
    }

    private List<Derivation.Mirror> mirrors(MappingSpec.Target target, MappingSpec.Derive derive, DerivedQuery query) {
        List<Derivation.Mirror> mirrors = new ArrayList<>();
        for (TableName table : new TreeSet<>(query.tables())) {
            Optional<TableShape> shape = request.tables().stream()
                    .filter(one -> one.name().equals(table))
                    .findFirst();
            if (shape.isEmpty()) {
                refuse(
                        "mapping.unknown-source",
                        target.table(),
                        "the query of " + target.table() + " reads " + table
                                + ", which is not a table among blue's included ones",
                        "read tables, not views, and include them");
                continue;
            }
            RouteSource source = RouteBinder.from(shape.get());
            if (source.key().isEmpty()) {
                refuse(
                        "mapping.mirror-key",
                        table,
                        table + " has no key, so its mirror for " + target.table() + " could not be kept",
                        "give it a primary key");
                continue;
            }
            mirrors.add(
                    new Derivation.Mirror(source, Derivation.mirrorOf(table), affected(target, derive, query, table)));
        }
        return mirrors;
    }

    private List<Derivation.Affected> affected(
            MappingSpec.Target target, MappingSpec.Derive derive, DerivedQuery query, TableName table) {
        String declared = query.affected().get(table);
        if (declared != null) {
            return List.of(new Derivation.Affected("changed", new QueryTables(declared, query.tables()).mirrored()));
        }
        QueryTables tables = new QueryTables(query.canonical(), query.tables());
        if (!tables.rowByRow()) {
            refuse(
                    "mapping.affected",
                    target.table(),
                    "which rows of " + target.table() + " a change of " + table
                            + " concerns cannot be told from its query",
                    "say so under affected: " + table + ": select … from changed …, giving " + derive.key());
            return List.of();
        }
        List<Derivation.Affected> affected = new ArrayList<>();
        for (int index = 0; index < tables.places().size(); index++) {
            if (tables.places().get(index).table().equals(table)) {
                String name = Sql.identifier(table.name());
                affected.add(new Derivation.Affected(table.name(), tables.replaced(index, name)));
            }
        }
        return affected;
    }

    /** The routes that keep the mirrors, each table once however many queries read it. */
    static List<Route> mirrorRoutes(List<Derivation> derivations) {
        Map<TableName, Route> routes = new TreeMap<>();
        for (Derivation derivation : derivations) {
            for (Derivation.Mirror mirror : derivation.mirrors()) {
                routes.computeIfAbsent(mirror.source().name(), _ -> mirrorRoute(mirror));
            }
        }
        return List.copyOf(routes.values());
    }

    private static Route mirrorRoute(Derivation.Mirror mirror) {
        RouteSource source = mirror.source();
        List<TargetColumn> columns = source.columns().stream()
                .map(column -> new TargetColumn(
                        column.name(), column.type(), "s." + Sql.identifier(column.name()), Set.of(column.name())))
                .toList();
        RouteTarget target = new RouteTarget(mirror.table(), source.key(), source.columnNames(), false);
        return new Route(
                Direction.FORWARD, source, "s", Optional.empty(), Optional.empty(), target, columns, Optional.empty());
    }

    private void refuse(String id, TableName object, String message, String fix) {
        findings.add(Finding.refused(id, object.toString(), message, fix));
    }
}
