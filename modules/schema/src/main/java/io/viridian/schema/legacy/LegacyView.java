package io.viridian.schema.legacy;

import io.viridian.plan.Route;
import io.viridian.plan.SequenceName;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

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
    private final List<Way> ways;
    private final Map<SequenceName, SequenceName> sequences;
    private final Set<String> numbered;
    private final String used;

    /**
     * A view.
     *
     * @param ways through which rows of the table come to green and lead back, at least one
     * @param sequences blue's, and green's that continue them
     * @param numbered columns of the first way's target for which green has a value when an insert has none
     * @param used SQL that is always true and notes the use
     */
    LegacyView(
            BlueTable table,
            TableName view,
            List<Way> ways,
            Map<SequenceName, SequenceName> sequences,
            Set<String> numbered,
            String used) {
        this.table = table;
        this.view = view;
        this.ways = List.copyOf(ways);
        this.sequences = Map.copyOf(sequences);
        this.numbered = Set.copyOf(numbered);
        this.used = used;
    }

    /** A rule and its inverse. */
    record Way(Route there, Route back) {
        /** Whether a row of the target is the row of the table, column for column, and nothing else is written. */
        private boolean plain(BlueTable table) {
            return there.filter().isEmpty()
                    && back.filter().isEmpty()
                    && there.columns().stream()
                            .allMatch(column ->
                                    plainly(column.expression(), there, column).isPresent())
                    && table.columns().stream()
                            .filter(column -> column.generated().isEmpty())
                            .allMatch(column -> back.columns().stream()
                                            .filter(one -> one.name().equals(column.name()))
                                            .anyMatch(one -> plainly(one.expression(), back, one)
                                                    .isPresent())
                                    && there.columns().stream()
                                            .anyMatch(one -> one.reads().contains(column.name())));
        }

        /** The source column that an expression copies, if it does and nothing else. */
        private static Optional<String> plainly(String expression, Route route, TargetColumn into) {
            return route.sourceColumns().stream()
                    .filter(column -> column.type().equals(into.type()))
                    .filter(column -> copies(expression, route.alias(), column.name()))
                    .map(column -> column.name())
                    .findFirst();
        }

        private static boolean copies(String expression, String alias, String column) {
            String text = expression.strip();
            return text.equals(Sql.identifier(alias) + "." + Sql.identifier(column))
                    || text.equals(alias + "." + Sql.identifier(column))
                    || text.equals(alias + "." + column);
        }
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
        if (ways.size() == 1 && ways.getFirst().plain(table) && generatedAlike()) {
            return Writes.DIRECT;
        }
        return keyed() ? Writes.TRIGGER : Writes.INSERTS;
    }

    /** Computed columns would make a subquery of the view, which is not written through. */
    private boolean generatedAlike() {
        return table.columns().stream().allMatch(column -> column.generated().isEmpty());
    }

    List<String> statements() {
        Writes writes = writes();
        List<String> statements = new ArrayList<>();
        statements.add("create view " + view.sql() + " (" + Sql.identifiers(names()) + ") as\n"
                + rows(_ -> "(select " + used + ")") + (writes == Writes.DIRECT ? "\nwith local check option" : ""));
        for (BlueTable.Column column : table.columns()) {
            otherwise(column)
                    .ifPresent(value -> statements.add("alter view " + view.sql() + " alter column "
                            + Sql.identifier(column.name()) + " set default " + value));
        }
        if (writes != Writes.DIRECT) {
            statements.add(function());
            statements.add("""
                    create trigger viridian_legacy instead of insert or update or delete on %s
                        for each row execute function %s()
                    """.formatted(view.sql(), functionName()));
        }
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
        return ways.getFirst().back().columns().stream()
                .filter(one -> one.name().equals(column.name()))
                .flatMap(one -> one.reads().stream())
                .anyMatch(numbered::contains);
    }

    /** The table's rows as they are on green, of each way those that a condition takes. */
    private String rows(Function<Way, String> condition) {
        String all = ways.stream()
                .map(way -> "select " + columns(way) + "\nfrom "
                        + way.back().source().sql() + " as t\nwhere "
                        + way.back()
                                .filter()
                                .map(mine -> "(" + mine + "\n) and ")
                                .orElse("")
                        + condition.apply(way))
                .collect(Collectors.joining("\nunion all\n"));
        boolean computed =
                table.columns().stream().anyMatch(column -> column.generated().isPresent());
        return computed
                ? table.columns().stream()
                        .map(column -> column.generated()
                                .map(expression -> "(" + expression + ")::" + column.declared())
                                .orElse("w." + Sql.identifier(column.name())))
                        .collect(Collectors.joining(", ", "select ", "\nfrom (" + all + "\n) as w"))
                : all;
    }

    /** In the table's order; those that are computed from the others are added around it. */
    private String columns(Way way) {
        return table.columns().stream()
                .filter(column -> column.generated().isEmpty())
                .map(column -> way.back().columns().stream()
                                .filter(one -> one.name().equals(column.name()))
                                .map(one -> value(way, one))
                                .findFirst()
                                .orElse("null::" + column.declared())
                        + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
    }

    private static String value(Way way, TargetColumn column) {
        return Way.plainly(column.expression(), way.back(), column)
                .map(plain -> "t." + Sql.identifier(plain))
                .orElseGet(column::storedExpression);
    }

    private String functionName() {
        return new TableName(view.schema(), view.name() + " as it was").sql();
    }

    /**
     * A row is written as the stream would write it, but only where the application changed something: what the old
     * schema cannot tell stays. Between the application's look at a row and our writing it somebody else may have
     * changed it; a table waits and looks again, which a trigger cannot, so then the statement fails as a serialization
     * failure: nothing is overwritten unseen.
     */
    private String function() {
        return """
                create function %s() returns trigger language plpgsql security definer
                    set search_path = public, pg_temp as $viridian$
                #variable_conflict use_column
                declare
                    "!rows" bigint;
                    "!placed" bigint := 0;
                begin
                if tg_op = 'INSERT' then
                    perform %s;
                else
                %send if;
                %sif tg_op = 'INSERT' and "!placed" = 0 then
                    raise feature_not_supported using message = %s,
                        hint = 'The mapping leaves such rows behind.';
                end if;
                %sreturn new;
                end $viridian$
                """.formatted(
                        functionName(),
                        used,
                        keyed() ? found() : unfindable(),
                        each(LegacyView::written),
                        Sql.literal("this row of " + table.name() + " has no place in the new schema"),
                        computed());
    }

    /** For RETURNING: columns that compute themselves on blue. */
    private String computed() {
        return table.columns().stream()
                .filter(column -> column.generated().isPresent())
                .map(column -> "select (" + column.generated().orElseThrow() + ")::" + column.declared() + " into new."
                        + Sql.identifier(column.name()) + " from (select new.*) as w;\n")
                .collect(Collectors.joining());
    }

    /** Locks the row, makes sure that it is the one that the application saw, and deletes it if that is wanted. */
    private String found() {
        return """
                %s    if "!placed" = 0 then
                        return null;
                    end if;
                    if not exists (select from (%s) as v where v::text = old::text) then
                        raise serialization_failure using message = %s, hint = 'Run the transaction again.';
                    end if;
                    "!placed" := 0;
                    if tg_op = 'DELETE' then
                    %s    return old;
                    end if;
                """.formatted(
                        each(LegacyView::locked),
                        rows(way -> "exists (select from (" + old(way) + ") as o where " + sameKey(way) + ")"),
                        Sql.literal("could not serialize access to " + table.name() + " due to concurrent update"),
                        each(way -> removed(way, "")));
    }

    private String unfindable() {
        return """
                    raise feature_not_supported using message = %s,
                        hint = 'New rows can be written.';
                """.formatted(
                        Sql.literal("rows of " + table.name() + " have no key, so nobody can tell which one is meant"));
    }

    private boolean keyed() {
        return ways.stream().allMatch(way -> way.there().keyed());
    }

    private String each(Function<Way, String> statements) {
        return ways.stream().map(statements).collect(Collectors.joining());
    }

    private static String locked(Way way) {
        return """
                    perform from %s as t, (%s) as o where %s for update of t;
                    get diagnostics "!rows" = row_count;
                    "!placed" := "!placed" + "!rows";
                """.formatted(way.there().target().sql(), old(way), mine(way));
    }

    private static String removed(Way way, String more) {
        return """
                    delete from %s as t using (%s) as o where %s%s;
                """.formatted(way.there().target().sql(), old(way), mine(way), more);
    }

    private static String written(Way way) {
        Route there = way.there();
        String changed = there.keyed() ? """
                if tg_op = 'UPDATE' then
                %s%s    get diagnostics "!rows" = row_count;
                end if;
                """.formatted(removed(way, leaving(way)), updated(way)) : "";
        return """
                "!rows" := 0;
                %sif "!rows" = 0 then
                    insert into %s (%s) overriding system value select %s from (%s) as n;
                    get diagnostics "!rows" = row_count;
                end if;
                "!placed" := "!placed" + "!rows";
                """.formatted(
                        changed,
                        there.target().sql(),
                        Sql.identifiers(there.targetColumnNames()),
                        there.targetColumnNames().stream()
                                .map(name -> "n." + Sql.identifier(name))
                                .collect(Collectors.joining(", ")),
                        fresh(way));
    }

    /** A row that the rule takes no more; or one that only an insert can make what it becomes. */
    private static String leaving(Way way) {
        String changed = way.there().insertOnlyColumns().stream()
                .map(column -> " and " + same(column))
                .collect(Collectors.joining());
        return " and not exists (select from (" + fresh(way) + ") as n where true" + changed + ")";
    }

    private static String updated(Way way) {
        String set = way.there().columns().stream()
                .filter(column -> !column.insertOnly())
                .map(column -> Sql.identifier(column.name()) + " = case when " + same(column) + " then t."
                        + Sql.identifier(column.name()) + " else n." + Sql.identifier(column.name()) + " end")
                .collect(Collectors.joining(",\n        "));
        String source = "(" + old(way) + ") as o, (" + fresh(way) + ") as n where " + mine(way) + ";\n";
        return set.isEmpty()
                ? "    perform from " + way.there().target().sql() + " as t, " + source
                : "    update " + way.there().target().sql() + " as t set " + set + "\n    from " + source;
    }

    /** As texts, for a type need not know what equal is. */
    private static String same(TargetColumn column) {
        String name = Sql.identifier(column.name());
        return "o." + name + "::text is not distinct from n." + name + "::text";
    }

    private static String old(Way way) {
        return "select " + aliased(way) + " from (select old.*) as "
                + Sql.identifier(way.there().alias());
    }

    private static String fresh(Way way) {
        return "select " + aliased(way) + " from (select new.*) as "
                + Sql.identifier(way.there().alias())
                + way.there().filter().map(where -> " where (" + where + "\n)").orElse("");
    }

    private static String aliased(Way way) {
        return way.there().columns().stream()
                .map(column -> column.storedExpression() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** Which row of the target {@code t} the old row {@code o} is. */
    private static String mine(Way way) {
        return sameKey(way)
                + way.there().owned().map(mine -> " and (" + mine + "\n)").orElse("");
    }

    private static String sameKey(Way way) {
        return way.there().targetKey().stream()
                .map(Sql::identifier)
                .map(name -> "t." + name + " = o." + name)
                .collect(Collectors.joining(" and "));
    }
}
