package io.viridian.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One rule on its way to becoming a route: the author's words, or those of a table copied as it is. */
record Draft(
        TableName target,
        String alias,
        Optional<String> where,
        Optional<String> expand,
        List<MappingSpec.Assignment> columns,
        List<MappingSpec.Assignment> inverse,
        Optional<String> owns) {
    static Draft of(TableName target, MappingSpec.Rule rule) {
        return new Draft(
                target, rule.alias(), rule.where(), rule.expand(), rule.columns(), rule.inverse(), rule.owns());
    }

    static Draft asItIs(TableShape table) {
        List<MappingSpec.Assignment> columns = table.columns().stream()
                .filter(column -> !column.generated())
                .map(column -> new MappingSpec.Assignment(column.name(), "s." + Sql.identifier(column.name())))
                .toList();
        return new Draft(table.name(), "s", Optional.empty(), Optional.empty(), columns, List.of(), Optional.empty());
    }

    /**
     * What the target will look like, as far as it can be told before green's schema exists: a column copied plainly
     * keeps the source's type, the source's key names the row when it is copied, or else what is computed from it
     * alone.
     */
    TableShape assumedShape(TableShape source) {
        List<ColumnShape> shapes = new ArrayList<>();
        List<String> key = new ArrayList<>();
        List<String> computedKey = new ArrayList<>();
        Set<String> keyColumnsRead = new HashSet<>();
        Set<String> names = RouteBinder.names(source);
        for (MappingSpec.Assignment assignment : columns) {
            Optional<ColumnShape> plain = ExpressionScan.plainReference(assignment.expression(), alias, names)
                    .flatMap(reference -> source.column(reference.column()));
            TypeName type = plain.map(ColumnShape::type).orElse(new TypeName("pg_catalog", "text"));
            shapes.add(new ColumnShape(assignment.column(), type, type.name(), false, false, false, false, true));
            if (plain.isPresent() && source.primaryKey().contains(plain.get().name())) {
                key.add(assignment.column());
            }
            Set<String> reads = ExpressionScan.reads(assignment.expression(), alias, names);
            if (!reads.isEmpty() && source.primaryKey().containsAll(reads)) {
                computedKey.add(assignment.column());
                keyColumnsRead.addAll(reads);
            }
        }
        List<String> primaryKey = List.of();
        if (key.size() == source.primaryKey().size()) {
            primaryKey = key;
        } else if (keyColumnsRead.containsAll(source.primaryKey())) {
            primaryKey = computedKey;
        }
        // How much of a row its stream will carry is seen when it is there.
        RowIdentity identity = primaryKey.isEmpty() ? source.identity() : new RowIdentity.FullWithKey(primaryKey);
        return new TableShape(target, 0, shapes, primaryKey, identity, List.of(), List.of(), false, 0, 0);
    }
}
