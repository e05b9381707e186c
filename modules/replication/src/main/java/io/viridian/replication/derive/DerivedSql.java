package io.viridian.replication.derive;

import io.viridian.plan.Derivation;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that keep one derived target. Keys of rows to be computed anew lie in a temporary table. */
final class DerivedSql {
    private final Derivation derivation;
    private final String affected;
    private final String target;

    /** @param number of the derivation in its session */
    DerivedSql(Derivation derivation, int number) {
        this.derivation = derivation;
        this.affected = "pg_temp.viridian_affected_" + number;
        this.target = derivation.target().sql();
    }

    /** Once for a session. */
    String createAffected() {
        String columns = derivation.keyColumns().stream()
                .map(column ->
                        Sql.identifier(column.name()) + " " + column.type().sql())
                .collect(Collectors.joining(", "));
        return "create temp table if not exists " + affected.substring("pg_temp.".length()) + " (" + columns
                + ") on commit delete rows";
    }

    /** Remembers the keys that changed rows of a mirror have part in; one {@code text[]} for each column of its key. */
    String collect(Derivation.Mirror mirror, Derivation.Affected query) {
        List<String> key = mirror.source().key();
        List<String> given = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        List<String> same = new ArrayList<>();
        for (int index = 0; index < key.size(); index++) {
            SourceColumn column = mirror.source().columns().get(mirror.source().index(key.get(index)));
            given.add("k" + index);
            parameters.add("?::text[]");
            same.add("m." + Sql.identifier(column.name()) + " = r.k" + index + "::"
                    + column.type().sql());
        }
        return "insert into " + affected + " with " + Sql.identifier(query.changed()) + " as (select m.* from "
                + mirror.table().sql() + " as m, unnest(" + String.join(", ", parameters) + ") as r("
                + String.join(", ", given) + ") where " + String.join(" and ", same) + ") select distinct "
                + casts("a") + " from (" + query.sql() + "\n) as a";
    }

    /** Removes the rows that the query does not give any more. */
    String removeAffected() {
        return "delete from " + target + " as t using (select distinct * from " + affected + ") as a where "
                + matches("t", "a") + " and not exists (select from (" + derivation.mirrored() + "\n) as q where "
                + matches("q", "a") + ")";
    }

    /** Writes the rows that the query gives now. */
    String writeAffected() {
        return insertHead() + " from (select distinct * from " + affected + ") as a cross join lateral (select * from ("
                + derivation.mirrored() + "\n) as q where " + matches("q", "a") + ") as q" + onConflict();
    }

    String forgetAffected() {
        return "delete from " + affected;
    }

    /** Gives the keys in it as texts, each once. */
    String keysAffected() {
        return "select distinct array["
                + derivation.keyColumns().stream()
                        .map(column -> Sql.identifier(column.name()) + "::text")
                        .collect(Collectors.joining(", "))
                + "] from " + affected;
    }

    /** As {@link #removeAffected}, of all rows. */
    String removeAll() {
        return "delete from " + target + " as t where not exists (select from (" + derivation.mirrored()
                + "\n) as q where " + matches("q", "t") + ")";
    }

    /** As {@link #writeAffected}, of all rows. */
    String writeAll() {
        return insertHead() + " from (" + derivation.mirrored() + "\n) as q" + onConflict();
    }

    private String insertHead() {
        List<String> names =
                derivation.columns().stream().map(TargetColumn::name).toList();
        String values =
                derivation.columns().stream().map(TargetColumn::castExpression).collect(Collectors.joining(", "));
        return "insert into " + target + " (" + Sql.identifiers(names) + ") overriding system value select " + values;
    }

    private String onConflict() {
        String sets = derivation.valueColumns().stream()
                .map(column -> Sql.identifier(column.name()) + " = excluded." + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return " on conflict (" + Sql.identifiers(derivation.into().key()) + ") do "
                + (sets.isEmpty() ? "nothing" : "update set " + sets);
    }

    private String casts(String alias) {
        return derivation.keyColumns().stream()
                .map(column -> alias + "." + Sql.identifier(column.name()) + "::"
                        + column.type().sql())
                .collect(Collectors.joining(", "));
    }

    private String matches(String one, String other) {
        return derivation.into().key().stream()
                .map(column -> one + "." + Sql.identifier(column) + " = " + other + "." + Sql.identifier(column))
                .collect(Collectors.joining(" and "));
    }
}
