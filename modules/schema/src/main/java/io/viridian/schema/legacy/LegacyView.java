package io.viridian.schema.legacy;

import io.viridian.plan.SequenceName;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The statements that make one of blue's tables a view on green. Where every column is a plain copy the view is one
 * that PostgreSQL writes through by itself (manual 14-18, CREATE VIEW, Updatable Views); else a trigger does what the
 * mapping says. Immutable.
 *
 * <p>The view notes its use ({@link LegacyControl}) in its WHERE, by a subquery that runs once for each statement. WITH
 * CHECK OPTION makes an insert ask it, too.
 */
final class LegacyView {
    private final BlueTable table;
    private final TableName view;
    private final LegacyRows rows;
    private final Map<SequenceName, SequenceName> sequences;
    private final Set<String> numbered;
    private final String used;

    /**
     * A view.
     *
     * @param rows where the table's rows are on green
     * @param sequences blue's, and green's that continue them
     * @param numbered columns of the first target for which green has a value when an insert has none
     * @param used SQL that is always true and notes the use
     */
    LegacyView(
            BlueTable table,
            TableName view,
            LegacyRows rows,
            Map<SequenceName, SequenceName> sequences,
            Set<String> numbered,
            String used) {
        this.table = table;
        this.view = view;
        this.rows = rows;
        this.sequences = Map.copyOf(sequences);
        this.numbered = Set.copyOf(numbered);
        this.used = used;
    }

    /** How an application can use it. */
    enum Writes {
        /** As a table, ON CONFLICT included. */
        DIRECT,
        /** By INSERT, UPDATE and DELETE that a trigger carries out row by row. */
        TRIGGER,
        /** By INSERT alone, because nothing names a row. */
        INSERTS
    }

    Writes writes() {
        if (rows.derived().isEmpty()
                && rows.besides().isEmpty()
                && rows.ways().size() == 1
                && rows.ways().getFirst().plain(table)
                && generatedAlike()) {
            return Writes.DIRECT;
        }
        return rows.keyed() ? Writes.TRIGGER : Writes.INSERTS;
    }

    /** Computed columns would make a subquery of the view, which is not written through. */
    private boolean generatedAlike() {
        return table.columns().stream().allMatch(column -> column.generated().isEmpty());
    }

    /** The view alone. */
    String viewStatement() {
        return "create view " + view.sql() + " (" + Sql.identifiers(names()) + ") as\n"
                + rows.sql(table, "(select " + used + ")");
    }

    List<String> statements() {
        Writes writes = writes();
        List<String> statements = new ArrayList<>();
        statements.add(viewStatement() + (writes == Writes.DIRECT ? "\nwith local check option" : ""));
        for (BlueTable.Column column : table.columns()) {
            otherwise(column)
                    .ifPresent(value -> statements.add("alter view " + view.sql() + " alter column "
                            + Sql.identifier(column.name()) + " set default " + value));
        }
        if (writes != Writes.DIRECT) {
            String function = new TableName(view.schema(), view.name() + " as it was").sql();
            statements.add(new LegacyTrigger(table, rows, used).function(function));
            statements.add("""
                    create trigger viridian_legacy instead of insert or update or delete on %s
                        for each row execute function %s()
                    """.formatted(view.sql(), function));
        }
        rows.derived().ifPresent(one -> statements.add(one.writes().explained(view.sql())));
        return statements;
    }

    private List<String> names() {
        return table.columns().stream().map(BlueTable.Column::name).toList();
    }

    /**
     * What blue puts where an insert says nothing. Numbers come from the sequence that continues blue's; a view that is
     * written through leaves that to a table that numbers its rows itself.
     */
    private Optional<String> otherwise(BlueTable.Column column) {
        if (column.sequence().isEmpty()) {
            return column.otherwise();
        }
        return writes() == Writes.DIRECT && numberedByGreen(column)
                ? Optional.empty()
                : column.sequence()
                        .flatMap(blue -> Optional.ofNullable(sequences.get(blue)))
                        .map(green -> "nextval(" + Sql.literal(green.sql()) + "::regclass)");
    }

    private boolean numberedByGreen(BlueTable.Column column) {
        return rows.backs().getFirst().columns().stream()
                .filter(one -> one.name().equals(column.name()))
                .flatMap(one -> one.reads().stream())
                .anyMatch(numbered::contains);
    }
}
