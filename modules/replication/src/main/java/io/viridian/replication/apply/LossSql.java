package io.viridian.replication.apply;

import io.viridian.plan.Inversion;
import io.viridian.plan.Route;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that note which rows of green would come again as others. Each expression is evaluated where only its
 * own row can be seen, so that a column named without an alias is not ambiguous.
 */
final class LossSql {
    private final Inversion inversion;
    private final RouteSql rows;
    private final Map<Set<String>, String> marks = new HashMap<>();

    LossSql(Inversion inversion) {
        this.inversion = inversion;
        this.rows = new RouteSql(inversion.back());
    }

    /** Parameters: migration, target, ownership epoch, then the rows' columns but the missing ones. */
    String mark(Set<String> missing) {
        return marks.computeIfAbsent(missing, this::marking);
    }

    private String marking(Set<String> missing) {
        Route there = inversion.there();
        Route back = inversion.back();
        List<TargetColumn> compared = inversion.uncertain().stream()
                .filter(column -> !missing.contains(column.name()))
                .toList();
        String green = "select " + key() + " as viridian_key"
                + IntStream.range(0, back.keyColumns().size())
                        .mapToObj(index ->
                                ", " + back.keyColumns().get(index).castExpression() + " as viridian_k" + index)
                        .collect(Collectors.joining())
                + IntStream.range(0, compared.size())
                        .mapToObj(index -> ", " + back.alias() + "."
                                + Sql.identifier(compared.get(index).name()) + "::text as viridian_v" + index)
                        .collect(Collectors.joining())
                + " from " + rows.rows(rows.without(missing))
                + back.filter().map(mine -> " where (" + mine + ")").orElse("");
        List<String> differs = new ArrayList<>(List.of("not "
                + there.filter()
                        .map(filter -> "coalesce((" + filter + "), false)")
                        .orElse("true")));
        for (int index = 0; index < compared.size(); index++) {
            differs.add("(" + compared.get(index).storedExpression() + ")::text is distinct from viridian_g.viridian_v"
                    + index);
        }
        String same = IntStream.range(0, back.keyColumns().size())
                .mapToObj(index -> "viridian_b."
                        + Sql.identifier(back.keyColumns().get(index).name()) + " = viridian_g.viridian_k" + index)
                .collect(Collectors.joining(" and "));
        return "insert into viridian.lossy (migration, target, epoch, key) select ?, ?, ?::bigint, viridian_g.viridian_key from ("
                + green + ") as viridian_g " + (back.besides() ? "left " : "") + "join "
                + back.target().sql()
                + " as viridian_b on " + same + " where " + missingRow(back)
                + "exists (select from (select viridian_b.*) as " + Sql.identifier(there.alias()) + " where "
                + String.join(" or ", differs) + ") on conflict do nothing";
    }

    /** A part that belongs to no row of blue is not there. */
    private static String missingRow(Route back) {
        return back.besides() ? "viridian_b." + Sql.identifier(back.targetKey().getFirst()) + " is null or " : "";
    }

    private String key() {
        return inversion.back().sourceKey().stream()
                .map(column -> inversion.back().alias() + "." + Sql.identifier(column) + "::text")
                .collect(Collectors.joining(", ", "array[", "]::text"));
    }

    /** Parameters: migration, target, then one {@code text[]} for each column of green's key. */
    String forget() {
        String columns = IntStream.range(0, inversion.back().sourceKey().size())
                .mapToObj(index -> "k" + index)
                .collect(Collectors.joining(", "));
        String parameters =
                inversion.back().sourceKey().stream().map(column -> "?::text[]").collect(Collectors.joining(", "));
        return "delete from viridian.lossy as l where l.migration = ? and l.target = ? and l.key in (select array["
                + columns + "]::text from unnest(" + parameters + ") as r(" + columns + "))";
    }

    List<String> columns(Set<String> missing) {
        return rows.without(missing);
    }
}
