package io.viridian.replication.apply;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Tuple;
import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The column that refuses its value, found after the target refused the row: the server does not always name it. What
 * concerns several columns (a unique or a check constraint) has no such column, and the server names the constraint.
 *
 * @param name with its table
 * @param declared its type, as declared on the target
 * @param fedBy the expression, and the types of what it reads
 */
record RefusedColumn(String name, String declared, String fedBy) {
    private static final String DECLARED = """
            select format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end
            from pg_attribute where attrelid = ?::regclass and attname = ? and not attisdropped
            """;

    /** Tries column by column in a transaction that is given up anyway, and leaves it as it was. */
    static Optional<RefusedColumn> find(Session session, RouteLayout layout, RowChange change) {
        Optional<Tuple> row = written(change);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Set<String> missing = layout.missing(row.get());
        Object[] values =
                RouteWriter.arrays(layout, List.of(row.get()), layout.sql().without(missing));
        for (TargetColumn column : layout.route().computableWithout(missing)) {
            Optional<String> declared = session.first(
                    DECLARED, one -> one.text(1), layout.route().target().sql(), column.name());
            if (declared.isPresent()
                    && refuses(session, column, declared.get(), layout.sql().value(column, missing), values)) {
                return Optional.of(of(layout.route(), column, declared.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Tuple> written(RowChange change) {
        return switch (change) {
            case RowChange.Insert insert -> Optional.of(insert.row());
            case RowChange.Update update -> Optional.of(update.row());
            case RowChange.Delete _, RowChange.Truncate _ -> Optional.empty();
        };
    }

    private static boolean refuses(
            Session session, TargetColumn column, String declared, String value, Object[] values) {
        session.execute("savepoint viridian_column");
        try {
            session.execute(
                    "create temp table viridian_refused (" + Sql.identifier(column.name()) + " " + declared + ")");
            session.update("insert into viridian_refused " + value, values);
            return false;
        } catch (FaultException failure) {
            if (failure.code() != FaultCode.BLUE_FAILED && failure.code() != FaultCode.GREEN_FAILED) {
                throw failure;
            }
            return SliceWriter.refusedValue(failure);
        } finally {
            session.execute("rollback to savepoint viridian_column");
        }
    }

    private static RefusedColumn of(Route route, TargetColumn column, String declared) {
        String reads = route.sourceColumns().stream()
                .filter(source -> column.reads().contains(source.name()))
                .map(RefusedColumn::typed)
                .collect(Collectors.joining(", "));
        return new RefusedColumn(
                route.target() + "." + column.name(),
                declared,
                column.expression() + (reads.isEmpty() ? "" : " of " + reads));
    }

    private static String typed(SourceColumn source) {
        return source.name() + " " + source.type();
    }

    @Override
    public String toString() {
        return name + " (" + declared + "), which is fed by " + fedBy;
    }
}
