package io.viridian.schema.legacy;

import io.viridian.plan.Route;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The function behind a view that PostgreSQL cannot write through: it does what the mapping says. Immutable. */
final class LegacyTrigger {
    private final BlueTable table;
    private final LegacyRows rows;
    private final String used;

    /** @param used SQL that notes the use */
    LegacyTrigger(BlueTable table, LegacyRows rows, String used) {
        this.table = table;
        this.rows = rows;
        this.used = used;
    }

    /**
     * A row is written as the stream would write it, but only where the application changed something: what the old
     * schema cannot tell stays. Between the application's look at a row and our writing it somebody else may have
     * changed it; a table waits and looks again, which a trigger cannot, so then the statement fails as a serialization
     * failure: nothing is overwritten unseen.
     */
    String function(String name) {
        return """
                create function %s() returns trigger language plpgsql security definer
                    set search_path = public, pg_temp as $viridian$
                #variable_conflict use_column
                declare
                    "!rows" bigint;
                    "!placed" bigint := 0;
                begin
                %sreturn new;
                end $viridian$
                """.formatted(name, String.join("", steps()));
    }

    private List<String> steps() {
        List<String> steps = new ArrayList<>();
        steps.add(when("= 'INSERT'", "perform " + used + ";\n"));
        rows.derived()
                .ifPresent(one -> steps.add(one.turn() + ";\n" + one.writes().locked()));
        steps.add(when("<> 'INSERT'", rows.keyed() ? found() : unfindable()));
        if (!rows.dependents().isEmpty()) {
            steps.add(when("= 'DELETE'", LegacyControl.TOUCHES + dependents()));
        }
        // Before the rules write: the views are to show the rows as they were.
        rows.derived()
                .ifPresent(one -> steps.add(one.writes().unique() + one.writes().written()));
        if (rows.keyed()) {
            steps.add(when("= 'DELETE'", besides(this::removed) + each(this::removed) + "return old;\n"));
        }
        steps.add(each(this::written) + placed() + besides(this::written) + computed());
        return steps;
    }

    private static String when(String operation, String statements) {
        return "if tg_op " + operation + " then\n" + statements + "end if;\n";
    }

    /** An application that relies on the old foreign keys need not know that they are elsewhere now, or nowhere. */
    private String dependents() {
        return rows.dependents().entrySet().stream()
                .map(one -> {
                    BlueTable.Dependent key = one.getKey();
                    String child = one.getValue().sql();
                    String columns = key.columns().stream()
                            .map(name -> Sql.identifier(name) + " = null")
                            .collect(Collectors.joining(", "));
                    String same = IntStream.range(0, key.columns().size())
                            .mapToObj(index -> "c."
                                    + Sql.identifier(key.columns().get(index)) + " = old."
                                    + Sql.identifier(key.keys().get(index)))
                            .collect(Collectors.joining(" and "));
                    return "    if to_regclass(" + Sql.literal(child) + ") is not null then\n        "
                            + (key.cascades()
                                    ? "delete from " + child + " as c"
                                    : "update " + child + " as c set " + columns)
                            + " where " + same + ";\n    end if;\n";
                })
                .collect(Collectors.joining());
    }

    /** Refuses a new row that has come nowhere. */
    private String placed() {
        return rows.ways().isEmpty()
                ? rows.derived().orElseThrow().writes().placed()
                : """
                if tg_op = 'INSERT' and "!placed" = 0 then
                    raise feature_not_supported using message = %s,
                        hint = 'The mapping leaves such rows behind.';
                end if;
                """.formatted(Sql.literal("this row of " + table.name() + " has no place in the new schema"));
    }

    /** For RETURNING: columns that compute themselves on blue. */
    private String computed() {
        return table.columns().stream()
                .filter(column -> column.generated().isPresent())
                .map(column -> "select (" + column.generated().orElseThrow() + ")::" + column.declared() + " into new."
                        + Sql.identifier(column.name()) + " from (select new.*) as w;\n")
                .collect(Collectors.joining());
    }

    /** Locks the row and makes sure that it is the one that the application saw. */
    private String found() {
        if (rows.ways().isEmpty()) {
            return rows.derived().orElseThrow().writes().found();
        }
        List<String> conditions = rows.ways().stream()
                .map(way -> "exists (select from (" + old(way) + ") as o where " + sameKey(way) + ")")
                .toList();
        return """
                %s    if "!placed" = 0 then
                        return null;
                    end if;
                %s    if %s and not exists (select from (%s) as "!v" where "!v"::text = old::text) then
                        raise serialization_failure using message = %s, hint = 'Run the transaction again.';
                    end if;
                    "!placed" := 0;
                """.formatted(
                        each(this::locked),
                        besides(this::locked),
                        LegacyControl.UNTOUCHED,
                        rows.sql(table, conditions),
                        Sql.literal("could not serialize access to " + table.name() + " due to concurrent update"));
    }

    private String unfindable() {
        return """
                    raise feature_not_supported using message = %s,
                        hint = 'New rows can be written.';
                """.formatted(
                        Sql.literal("rows of " + table.name() + " have no key, so nobody can tell which one is meant"));
    }

    private String each(Function<LegacyRows.Way, String> statements) {
        return rows.ways().stream().map(statements).collect(Collectors.joining());
    }

    private String besides(Function<LegacyRows.Way, String> statements) {
        return rows.besides().stream().map(statements).collect(Collectors.joining());
    }

    private String locked(LegacyRows.Way way) {
        return """
                    perform from %s as t, (%s) as o where %s for update of t;
                    get diagnostics "!rows" = row_count;
                    "!placed" := "!placed" + "!rows";
                """.formatted(way.there().target().sql(), old(way), mine(way));
    }

    private String removed(LegacyRows.Way way) {
        return removed(way, "");
    }

    private String removed(LegacyRows.Way way, String more) {
        return """
                    delete from %s as t using (%s) as o where %s%s;
                """.formatted(way.there().target().sql(), old(way), mine(way), more);
    }

    private String written(LegacyRows.Way way) {
        if (way.gathers()) {
            return new GatheredWrites(way).written();
        }
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
    private String leaving(LegacyRows.Way way) {
        String changed = way.there().insertOnlyColumns().stream()
                .map(column -> " and " + same(column))
                .collect(Collectors.joining());
        return " and not exists (select from (" + fresh(way) + ") as n where true" + changed + ")";
    }

    private String updated(LegacyRows.Way way) {
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

    /** A row of one of several ways may have the key of a row of another one. */
    private String old(LegacyRows.Way way) {
        if (way.gathers()) {
            return new GatheredWrites(way).owner();
        }
        return rows.ways().size() > 1 ? way.made("old") : way.everything("old");
    }

    private static String fresh(LegacyRows.Way way) {
        return way.made("new");
    }

    /** Which row of the target {@code t} the old row {@code o} is. */
    private static String mine(LegacyRows.Way way) {
        return sameKey(way)
                + way.there().owned().map(mine -> " and (" + mine + "\n)").orElse("");
    }

    private static String sameKey(LegacyRows.Way way) {
        return way.there().groupColumns().stream()
                .map(column -> Sql.identifier(column.name()))
                .map(name -> "t." + name + " = o." + name)
                .collect(Collectors.joining(" and "));
    }
}
