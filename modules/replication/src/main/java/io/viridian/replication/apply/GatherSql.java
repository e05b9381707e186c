package io.viridian.replication.apply;

import io.viridian.plan.Inversion;
import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that make many rows of green values of one row of blue. Green's rows are kept in {@code
 * viridian.stash} by their <em>owner</em>, the key of blue's row, each as the texts of the columns that the rule feeds;
 * a row with an empty key says that the owner's rows are there. Migration, target and epoch are parameters like the
 * rows.
 */
final class GatherSql {
    private static final String STASHED =
            "viridian_s.migration = ? and viridian_s.target = ? and viridian_s.key <> '' and viridian_s.owner = ";

    private final Route there;
    private final Route back;
    private final RouteSql rows;

    GatherSql(Inversion inversion) {
        this.there = inversion.there();
        this.back = inversion.back();
        this.rows = new RouteSql(back);
    }

    /** The columns that a row is kept with, in the order of the parameters. */
    List<String> kept() {
        Set<String> fed = Set.copyOf(there.targetColumnNames());
        return rows.allColumns().stream().filter(fed::contains).toList();
    }

    /**
     * Remembers the rows of owners of which nothing is remembered yet: as the rule makes them of blue's row.
     * Parameters: keys, migration, target, epoch, migration, target, epoch.
     */
    String remember() {
        return "with viridian_g as materialized (" + owners() + "), viridian_o as ("
                + "insert into viridian.stash (migration, target, epoch, owner, key) select ?, ?, ?::bigint, viridian_g.owner, ''"
                + " from viridian_g on conflict do nothing returning owner)"
                + " insert into viridian.stash (migration, target, epoch, owner, key, row)"
                + " select ?, ?, ?::bigint, viridian_o.owner, viridian_n.key, viridian_n.row from viridian_o"
                + " join viridian_g on viridian_g.owner = viridian_o.owner join "
                + back.target().sql()
                + " as viridian_b on " + sameRow("viridian_g") + made();
    }

    /** Forgets rows. Parameters: keys, migration, target. */
    String forget() {
        return "delete from viridian.stash as viridian_s using (select " + owner() + " as owner, " + key()
                + " as key from " + rows.rows(back.sourceKey())
                + ") as viridian_d where viridian_s.migration = ? and viridian_s.target = ?"
                + " and viridian_s.owner = viridian_d.owner and viridian_s.key = viridian_d.key";
    }

    /** Remembers rows. Parameters: migration, target, epoch, then the columns of {@link #kept}. */
    String keep() {
        return "insert into viridian.stash (migration, target, epoch, owner, key, row) select ?, ?, ?::bigint, "
                + owner() + ", " + key() + ", "
                + kept().stream()
                        .map(name -> back.alias() + "." + Sql.identifier(name) + "::text")
                        .collect(Collectors.joining(", ", "array[", "]"))
                + " from " + rows.rows(kept());
    }

    /** Gives blue's rows what is made of the rows that they own. Parameters: keys, migration, target. */
    String write() {
        return "update " + back.target().sql() + " as viridian_b set " + assignments() + " from (select viridian_g.*, "
                + "viridian_a.* from (" + owners() + ") as viridian_g cross join lateral (select " + values()
                + " from (" + remembered() + "viridian_g.owner) as " + back.alias()
                + ") as viridian_a) as viridian_d where " + sameRow("viridian_d");
    }

    /** Gives every row of blue what is made of no rows. */
    String writeNothing() {
        return "update " + back.target().sql() + " as viridian_b set " + assignments() + " from (select " + values()
                + " from (" + back.noRows() + ") as " + back.alias() + ") as viridian_d";
    }

    /** Parameters: keys, migration, target. */
    String forgetLosses() {
        return "delete from viridian.lossy as viridian_l using (" + owners() + ") as viridian_g"
                + " where viridian_l.migration = ? and viridian_l.target = ? and viridian_l.key = viridian_g.owner";
    }

    /**
     * Notes the owners of which the rule would make other rows now. Parameters: migration, target, epoch, keys,
     * migration, target.
     */
    String markLosses() {
        return "insert into viridian.lossy (migration, target, epoch, key) select ?, ?, ?::bigint, viridian_g.owner from ("
                + owners()
                + ") as viridian_g where (select array_agg(viridian_s.row::text order by viridian_s.row::text)"
                + " from viridian.stash as viridian_s where " + STASHED + "viridian_g.owner) is distinct from"
                + " (select array_agg(viridian_n.row::text order by viridian_n.row::text) from "
                + back.target().sql() + " as viridian_b" + made() + " where " + sameRow("viridian_g")
                + ") on conflict do nothing";
    }

    private String owners() {
        List<String> keys = new ArrayList<>();
        for (TargetColumn column : back.keyColumns()) {
            keys.add(column.castExpression() + " as k" + keys.size());
        }
        return "select distinct " + String.join(", ", keys) + ", " + owner() + " as owner from "
                + rows.rows(back.sourceKey());
    }

    private String owner() {
        return back.keyColumns().stream()
                .map(column -> column.castExpression() + "::text")
                .collect(Collectors.joining(", ", "array[", "]::text"));
    }

    private String key() {
        return back.sourceKey().stream()
                .map(name -> back.alias() + "." + Sql.identifier(name) + "::text")
                .collect(Collectors.joining(", ", "array[", "]::text"));
    }

    /** Beside blue's row {@code viridian_b} the rows that the rule makes of it. */
    private String made() {
        return " cross join lateral (select "
                + back.sourceKey().stream()
                        .map(name -> fed(name).storedExpression() + "::text")
                        .collect(Collectors.joining(", ", "array[", "]::text"))
                + " as key, "
                + kept().stream()
                        .map(name -> fed(name).storedExpression() + "::text")
                        .collect(Collectors.joining(", ", "array[", "]"))
                + " as row from (select viridian_b.*) as " + Sql.identifier(there.alias()) + there.lateral()
                + ") as viridian_n";
    }

    /** The rows of an owner, which is to follow, with the columns that the inverse may read. */
    private String remembered() {
        List<String> kept = kept();
        return IntStream.range(0, kept.size())
                .mapToObj(index -> {
                    SourceColumn column = back.sourceColumns().get(back.sourceIndex(kept.get(index)));
                    return "(viridian_s.row[" + (index + 1) + "])::"
                            + column.type().sql() + " as " + Sql.identifier(column.name());
                })
                .collect(Collectors.joining(", ", "select ", " from viridian.stash as viridian_s where " + STASHED));
    }

    private String assignments() {
        return IntStream.range(0, back.valueColumns().size())
                .mapToObj(index -> Sql.identifier(back.valueColumns().get(index).name()) + " = viridian_d.v" + index)
                .collect(Collectors.joining(", "));
    }

    private String values() {
        return IntStream.range(0, back.valueColumns().size())
                .mapToObj(index -> back.valueColumns().get(index).castExpression() + " as v" + index)
                .collect(Collectors.joining(", "));
    }

    private String sameRow(String owner) {
        return IntStream.range(0, back.keyColumns().size())
                .mapToObj(index -> "viridian_b."
                        + Sql.identifier(back.keyColumns().get(index).name()) + " = " + owner + ".k" + index)
                .collect(Collectors.joining(" and "));
    }

    private TargetColumn fed(String name) {
        return there.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
