package io.viridian.schema.legacy;

import io.viridian.plan.Derivation;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a trigger does to derived targets when a row of an old table is written through its view. The views stand for
 * the mirrors, which are gone: the queries that fill the targets are asked over the views as they are, and over the
 * same with the row as it will be; what differs is written, in one statement, which sees nothing of what it writes
 * itself (manual 14-18, section 7.8.4). Immutable.
 */
final class DerivedWrites {
    /** The table's rows as they will be. */
    private static final String NOW = "\"!now\"";

    private final TableName table;
    private final List<String> key;
    private final List<Derivation> derivations;
    private final Set<TableName> owners;
    private final Function<TableName, String> views;

    /**
     * Writes through the view of one table.
     *
     * @param key the table's columns by which a row is found
     * @param derivations that read the table
     * @param owners targets of which a row is a row of the table, so that a new one must not be there already
     * @param views by blue's table, the view with its rows
     */
    DerivedWrites(
            TableName table,
            List<String> key,
            List<Derivation> derivations,
            Set<TableName> owners,
            Function<TableName, String> views) {
        this.table = table;
        this.key = List.copyOf(key);
        this.derivations = List.copyOf(derivations);
        this.owners = Set.copyOf(owners);
        this.views = views;
    }

    /**
     * Where the row comes from: in a trigger, or, to have a server look at the statement, from nowhere.
     *
     * @param before as the application saw it
     * @param after as the application wants it
     * @param operation as a trigger is told
     */
    private record Written(String before, String after, String operation) {}

    private static final Written BY_TRIGGER = new Written("old", "new", "tg_op");

    /** Locks the rows that will be others, so that they are looked at when nobody is at them. */
    String locked() {
        return derivations.stream()
                .map(derivation -> """
                        perform from %s as t, (%s) as a where %s order by %s for update of t;
                        """.formatted(
                                derivation.target().sql(),
                                affected(derivation, BY_TRIGGER),
                                sameKey(derivation, "t", "a"),
                                listed(derivation, "t")))
                .collect(Collectors.joining());
    }

    /** Refuses a row under a key that is there. */
    String unique() {
        return """
                if (tg_op = 'INSERT' or tg_op = 'UPDATE' and %s)
                    and exists (select from %s as "!v" where %s) then
                    raise unique_violation using message = %s;
                end if;
                """.formatted(
                differ("old", "new"),
                views.apply(table),
                same("\"!v\"", "new"),
                Sql.literal("a row of " + table + " with this " + String.join(", ", key) + " is there already"));
    }

    /** Looks whether the row that was inserted is there. */
    String placed() {
        return """
                if tg_op = 'INSERT' and not exists (select from %s as "!v" where %s) then
                    raise feature_not_supported using message = %s,
                        hint = 'The mapping leaves such rows behind.';
                end if;
                """.formatted(
                        views.apply(table),
                        same("\"!v\"", "new"),
                        Sql.literal("this row of " + table + " has no place in the new schema"));
    }

    /** Makes sure that the row is there, and the one that the application saw. */
    String found() {
        return """
                    if not exists (select from %1$s as "!v" where %2$s) then
                        return null;
                    end if;
                    if %4$s and not exists (select from %1$s as "!v" where %2$s and "!v"::text = old::text) then
                        raise serialization_failure using message = %3$s, hint = 'Run the transaction again.';
                    end if;
                """.formatted(
                        views.apply(table),
                        same("\"!v\"", "old"),
                        Sql.literal("could not serialize access to " + table + " due to concurrent update"),
                        LegacyControl.UNTOUCHED);
    }

    String written() {
        return statement(BY_TRIGGER, " into \"!rows\"") + ";\n";
    }

    /** The same statement, for a server to look whether it could carry it out. */
    String explained(String view) {
        String nothing = "(null::" + view + ")";
        return "explain " + statement(new Written(nothing, nothing, "'INSERT'"), "");
    }

    private String statement(Written row, String into) {
        String parts = IntStream.range(0, derivations.size())
                .mapToObj(number -> parts(derivations.get(number), number, row))
                .collect(Collectors.joining(",\n"));
        return "with " + now(row) + ",\n" + parts + "\nselect count(*)" + into + " from " + NOW + " where false";
    }

    private String now(Written row) {
        return NOW + " as not materialized (select \"!v\".* from " + views.apply(table) + " as \"!v\" where "
                + differ(row.before(), "\"!v\"") + "\nunion all select " + row.after() + ".* where " + row.operation()
                + " <> 'DELETE')";
    }

    private String parts(Derivation derivation, int number, Written row) {
        String before = "\"!before " + number + "\"";
        String after = "\"!after " + number + "\"";
        String keys = "\"!affected " + number + "\"";
        String target = derivation.target().sql();
        String names = Sql.identifiers(
                derivation.columns().stream().map(TargetColumn::name).toList());
        return keys + " as materialized (" + affected(derivation, row) + "),\n"
                + before + " as materialized (" + given(derivation, keys, views) + "),\n"
                + after + " as materialized (" + given(derivation, keys, this::asItWillBe) + "),\n"
                + "\"!removed " + number + "\" as (delete from " + target + " as t using " + before + " as o where "
                + sameKey(derivation, "t", "o") + " and not exists (select from " + after + " as n where "
                + sameKey(derivation, "t", "n") + ")),\n"
                + updated(derivation, number, before, after)
                + "\"!inserted " + number + "\" as (insert into " + target + " (" + names
                + ") overriding system value select " + names + " from " + after
                + " as n where not exists (select from " + before + " as o where " + sameKey(derivation, "o", "n")
                + ")" + onConflict(derivation) + ")";
    }

    /** Of what the old schema knows only what has changed, so that what it cannot tell stays. */
    private static String updated(Derivation derivation, int number, String before, String after) {
        if (derivation.valueColumns().isEmpty()) {
            return "";
        }
        String set = derivation.valueColumns().stream()
                .map(column -> Sql.identifier(column.name()) + " = case when " + unchanged(column) + " then t."
                        + Sql.identifier(column.name()) + " else n." + Sql.identifier(column.name()) + " end")
                .collect(Collectors.joining(", "));
        String all =
                derivation.valueColumns().stream().map(DerivedWrites::unchanged).collect(Collectors.joining(" and "));
        return "\"!updated " + number + "\" as (update " + derivation.target().sql() + " as t set " + set + " from "
                + before + " as o, " + after + " as n where " + sameKey(derivation, "t", "o") + " and "
                + sameKey(derivation, "t", "n") + " and not (" + all + ")),\n";
    }

    /** As texts, for a type need not know what equal is. */
    private static String unchanged(TargetColumn column) {
        String name = Sql.identifier(column.name());
        return "o." + name + "::text is not distinct from n." + name + "::text";
    }

    private String onConflict(Derivation derivation) {
        if (owners.contains(derivation.target())) {
            return "";
        }
        String sets = derivation.valueColumns().stream()
                .map(column -> Sql.identifier(column.name()) + " = excluded." + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return " on conflict (" + Sql.identifiers(derivation.into().key()) + ") do "
                + (sets.isEmpty() ? "nothing" : "update set " + sets);
    }

    private static String given(Derivation derivation, String keys, Function<TableName, String> relations) {
        String columns = derivation.columns().stream()
                .map(column -> column.castExpression() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return "select " + columns + " from " + keys + " as a cross join lateral (select * from ("
                + derivation.over(derivation.mirrored(), relations) + "\n) as q where "
                + sameKey(derivation, "q", "a") + ") as q";
    }

    /** The keys of the rows that the row has part in, as it was among the others as they are and as it will be. */
    private String affected(Derivation derivation, Written row) {
        List<Derivation.Affected> queries = derivation.mirrors().stream()
                .filter(mirror -> mirror.source().name().equals(table))
                .flatMap(mirror -> mirror.affected().stream())
                .toList();
        String was = queries.stream()
                .map(query -> affected(
                        derivation, query, row.before() + ".* where " + row.operation() + " <> 'INSERT'", views))
                .collect(Collectors.joining("\nunion "));
        String willBe = queries.stream()
                .map(query -> affected(
                        derivation,
                        query,
                        row.after() + ".* where " + row.operation() + " <> 'DELETE'",
                        this::asItWillBe))
                .collect(Collectors.joining("\nunion "));
        return "with " + now(row) + " " + was + "\nunion " + willBe;
    }

    private static String affected(
            Derivation derivation, Derivation.Affected query, String row, Function<TableName, String> relations) {
        String keys = derivation.keyColumns().stream()
                .map(column -> "a." + Sql.identifier(column.name()) + "::"
                        + column.type().sql() + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return "(with " + Sql.identifier(query.changed()) + " as (select " + row + ") select " + keys + " from ("
                + derivation.over(query.sql(), relations) + "\n) as a)";
    }

    private String asItWillBe(TableName name) {
        return name.equals(table) ? NOW : views.apply(name);
    }

    private static String sameKey(Derivation derivation, String one, String other) {
        return derivation.into().key().stream()
                .map(Sql::identifier)
                .map(name -> one + "." + name + " = " + other + "." + name)
                .collect(Collectors.joining(" and "));
    }

    private static String listed(Derivation derivation, String alias) {
        return derivation.into().key().stream()
                .map(name -> alias + "." + Sql.identifier(name))
                .collect(Collectors.joining(", "));
    }

    private String same(String one, String other) {
        return key.stream()
                .map(Sql::identifier)
                .map(name -> one + "." + name + " = " + other + "." + name)
                .collect(Collectors.joining(" and "));
    }

    private String differ(String one, String other) {
        return "(" + listed(one) + ") is distinct from (" + listed(other) + ")";
    }

    private String listed(String row) {
        return key.stream().map(name -> row + "." + Sql.identifier(name)).collect(Collectors.joining(", "));
    }
}
