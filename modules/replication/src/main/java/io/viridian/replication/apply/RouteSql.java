package io.viridian.replication.apply;

import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statements that write one route's rows. Rows arrive as one {@code text[]} per source column and are cast to the
 * column types in a subquery called like the route's alias, so that the mapping's expressions see what they would see
 * on the source. Casting element by element also carries columns that are arrays themselves, which {@code unnest}
 * would flatten (manual 14-18, section 9.19).
 */
public final class RouteSql {
    private final Route route;
    private final String target;
    private final List<String> allColumns;
    private final Map<Set<String>, String> patches = new HashMap<>();
    private final Map<Set<String>, String> moves = new HashMap<>();
    private final Map<Set<String>, String> overwrites = new HashMap<>();

    RouteSql(Route route) {
        this.route = route;
        this.target = route.target().sql();
        this.allColumns = route.sourceColumns().stream().map(SourceColumn::name).toList();
    }

    /** The rows of the parameters as a table called like the alias; one {@code text[]} parameter per column. */
    String rows(List<String> columns) {
        List<String> casts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        for (SourceColumn column : route.sourceColumns()) {
            if (columns.contains(column.name())) {
                String name = Sql.identifier(column.name());
                casts.add("r." + name + "::" + column.type().sql() + " as " + name);
                names.add(name);
                parameters.add("?::text[]");
            }
        }
        return "(select " + String.join(", ", casts) + " from unnest(" + String.join(", ", parameters) + ") as r("
                + String.join(", ", names) + ")) as " + Sql.identifier(route.alias());
    }

    /**
     * As {@link #rows}, each row with its place among the parameters as {@code viridian_n}. The raw texts have names
     * that no expression uses, so that a column named without the alias stays unambiguous.
     */
    private String numberedRows(List<String> columns) {
        List<String> casts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        for (SourceColumn column : route.sourceColumns()) {
            if (columns.contains(column.name())) {
                String raw = "viridian_" + names.size();
                casts.add("viridian_r." + raw + "::" + column.type().sql() + " as " + Sql.identifier(column.name()));
                names.add(raw);
                parameters.add("?::text[]");
            }
        }
        return "unnest(" + String.join(", ", parameters) + ") with ordinality as viridian_r("
                + String.join(", ", names) + ", viridian_n) cross join lateral (select " + String.join(", ", casts)
                + ") as " + Sql.identifier(route.alias());
    }

    private String where() {
        return route.filter().map(filter -> " where (" + filter + ")").orElse("");
    }

    /** Inserts rows or gives existing ones these values; answers how many were fresh and how many there were. */
    String upsert() {
        if (route.targetPartitioned()) {
            return countedUpsert();
        }
        return "with written as (" + insertHead(rows(allColumns)) + onConflict()
                + " returning xmax = 0 as fresh) select count(*) filter (where fresh), count(*) from written";
    }

    /** As {@link #upsert}, where the server cannot tell a fresh row by its xmax: it looks who was there before. */
    private String countedUpsert() {
        String alias = Sql.identifier(route.alias());
        return "with viridian_given as materialized (select * from " + rows(allColumns) + "), viridian_before as ("
                + "select count(*) as n from " + target + " as t, (select " + keyExpressions()
                + " from viridian_given as " + alias + route.lateral() + ") as d where " + keysMatch("d")
                + "), written as ("
                + insertHead("viridian_given as " + alias) + onConflict()
                + " returning 1) select count(*) - (select n from viridian_before), count(*) from written";
    }

    private String onConflict() {
        List<TargetColumn> values = route.settableColumns();
        String action = values.isEmpty()
                ? "nothing"
                : "update set "
                        + values.stream()
                                .map(column ->
                                        Sql.identifier(column.name()) + " = excluded." + Sql.identifier(column.name()))
                                .collect(Collectors.joining(", "));
        return " on conflict (" + Sql.identifiers(route.targetKey()) + ") do " + action;
    }

    /** Inserts rows of a table without a key. */
    String append() {
        return insertHead(rows(allColumns));
    }

    /** As {@link #append}, of rows whose values are sent as they are. */
    String copy() {
        return "copy " + target + " (" + Sql.identifiers(route.targetColumnNames()) + ") from stdin";
    }

    private String insertHead(String rows) {
        return "insert into " + target + " (" + Sql.identifiers(route.targetColumnNames())
                + ") overriding system value select " + route.selectList() + " from " + rows + route.lateral()
                + where();
    }

    /** Removes the rows whose source row no longer satisfies the filter; parameters as for {@link #upsert}. */
    String leave() {
        if (route.expansion().isPresent()) {
            return leaveExpanded();
        }
        return "delete from " + target + " as t using (select " + keyExpressions() + " from " + rows(allColumns)
                + " where (" + route.filter().orElse("true") + ") is not true) as d where " + keysMatch("d") + owned();
    }

    /** As {@link #leave}, and those that their source rows do not give any more. */
    private String leaveExpanded() {
        String given = " from viridian_given as " + Sql.identifier(route.alias());
        return "with viridian_given as materialized (select * from " + rows(allColumns) + ") delete from " + target
                + " as t using (select distinct " + groupExpressions() + given + ") as d where " + groupsMatch("d")
                + " and not exists (select from (select " + keyExpressions() + given + route.lateral() + where()
                + ") as n where " + keysMatch("n") + ")" + owned();
    }

    /**
     * As {@link #leave}, of rows that satisfied it before; parameters are those of the rows as they were, then as they
     * are.
     */
    String leaveFrom() {
        return "delete from " + target + " as t using (select viridian_n, " + keyExpressions() + " from "
                + numberedRows(allColumns) + where() + ") as d, (select viridian_n from " + numberedRows(allColumns)
                + " where (" + route.filter().orElse("true")
                + ") is not true) as n where d.viridian_n = n.viridian_n and "
                + keysMatch("d") + owned();
    }

    /** Removes rows by what is known of their source rows; one parameter per such column, in table order. */
    String delete(RouteLayout.Membership membership) {
        return "delete from " + target + " as t using (select " + groupExpressions() + " from "
                + rows(known(membership)) + wasThere(membership) + ") as d where " + groupsMatch("d") + owned();
    }

    private List<String> known(RouteLayout.Membership membership) {
        return membership == RouteLayout.Membership.BY_ROW ? allColumns : route.sourceKey();
    }

    private String wasThere(RouteLayout.Membership membership) {
        return membership == RouteLayout.Membership.UNKNOWN ? "" : where();
    }

    /** So that a row which another route has put in our row's place stays. */
    private String owned() {
        return route.owned().map(condition -> " and (" + condition + ")").orElse("");
    }

    /** Changes rows of which some source columns are unknown; null when nothing that is known reaches the target. */
    @org.jspecify.annotations.Nullable
    String patch(Set<String> missing) {
        List<TargetColumn> known = settable(missing);
        if (known.isEmpty()) {
            return null;
        }
        return patches.computeIfAbsent(
                missing,
                _ -> "update " + target + " as t set " + assignments(known) + " from (select "
                        + keyExpressions() + ", " + valueExpressions(known) + " from " + rows(without(missing))
                        + ") as d where "
                        + keysMatch("d")
                        + owned());
    }

    /**
     * Changes rows together with their keys, the n-th old key being that of the n-th row: first the old keys'
     * parameters (or all columns of the old rows, if those tell what was on the route), then those of the rows. Rows
     * that do not satisfy the filter are left alone.
     */
    String move(Set<String> missing, RouteLayout.Membership membership) {
        return moves.computeIfAbsent(missing, _ -> {
            if (route.expansion().isPresent()) {
                return moveGroups(missing);
            }
            if (!route.insertOnlyColumns().isEmpty()) {
                return rewriteMoved(missing, membership);
            }
            List<TargetColumn> known = new ArrayList<>(route.keyColumns());
            known.addAll(settable(missing));
            return "update " + target + " as t set " + assignments(known) + " from (select viridian_n, "
                    + keyExpressions() + " from " + numberedRows(known(membership)) + wasThere(membership)
                    + ") as o, (select viridian_n, " + valueExpressions(known) + " from "
                    + numberedRows(without(missing)) + where()
                    + ") as d where o.viridian_n = d.viridian_n and " + keysMatch("o") + owned();
        });
    }

    /** As {@link #move}, of all rows of one source row, which are otherwise as they were. */
    private String moveGroups(Set<String> missing) {
        List<String> changed = new ArrayList<>();
        for (int index = 0; index < route.groupColumns().size(); index++) {
            changed.add(Sql.identifier(route.groupColumns().get(index).name()) + " = d.k" + index);
        }
        return "update " + target + " as t set " + String.join(", ", changed) + " from (select viridian_n, "
                + groupExpressions() + " from " + numberedRows(route.sourceKey()) + ") as o, (select viridian_n, "
                + groupExpressions() + " from " + numberedRows(without(missing))
                + ") as d where o.viridian_n = d.viridian_n and " + groupsMatch("o") + owned();
    }

    /** Whether {@link #overwrite} must follow every {@link #upsert} and {@link #patch}. */
    boolean overwrites() {
        return route.valueColumns().stream().anyMatch(TargetColumn::insertOnly);
    }

    /**
     * Gives rows those values that only an insert can give, where they are other ones: removes the rows and inserts
     * them anew as they are otherwise. Parameters as for {@link #patch}.
     */
    String overwrite(Set<String> missing) {
        return overwrites.computeIfAbsent(missing, _ -> {
            List<TargetColumn> given = new ArrayList<>(route.computableWithout(missing));
            given.removeIf(column -> !column.insertOnly() || route.targetKey().contains(column.name()));
            List<String> differ = new ArrayList<>(List.of("false"));
            for (int index = 0; index < given.size(); index++) {
                differ.add("t." + Sql.identifier(given.get(index).name()) + " is distinct from d.v" + index);
            }
            String values = given.isEmpty() ? "" : ", " + valueExpressions(given);
            return rewritten(
                    "(select " + keyExpressions() + values + " from " + rows(without(missing)) + where() + ") as d",
                    keysMatch("d") + " and (" + String.join(" or ", differ) + ")",
                    given);
        });
    }

    /** As {@link #move}, for a target of which an update cannot set every column. */
    private String rewriteMoved(Set<String> missing, RouteLayout.Membership membership) {
        List<TargetColumn> given = new ArrayList<>(route.keyColumns());
        route.computableWithout(missing).stream()
                .filter(column -> !route.targetKey().contains(column.name()))
                .forEach(given::add);
        return rewritten(
                "(select viridian_n, " + keyExpressions() + " from " + numberedRows(known(membership))
                        + wasThere(membership) + ") as o, (select viridian_n, " + valueExpressions(given) + " from "
                        + numberedRows(without(missing)) + where() + ") as d",
                "o.viridian_n = d.viridian_n and " + keysMatch("o") + owned(),
                given);
    }

    /**
     * Removes the rows that match and inserts them anew with the given columns from {@code d}. The count makes the
     * server remove all of them before it inserts the first (a data-modifying WITH is read as it proceeds; manual
     * 14-18, section 7.8.4), so that values may go from row to row.
     */
    private String rewritten(String using, String matching, List<TargetColumn> given) {
        List<String> names = given.stream().map(TargetColumn::name).toList();
        List<String> returned = new ArrayList<>();
        List<String> chosen = new ArrayList<>();
        for (String column : route.targetStored()) {
            int index = names.indexOf(column);
            String value = index < 0 ? "t." + Sql.identifier(column) : "d.v" + index;
            returned.add(value + " as c" + chosen.size());
            chosen.add("c" + chosen.size());
        }
        return "with viridian_gone as (delete from " + target + " as t using " + using + " where " + matching
                + " returning " + String.join(", ", returned) + ") insert into " + target + " ("
                + Sql.identifiers(route.targetStored()) + ") overriding system value select "
                + String.join(", ", chosen) + " from viridian_gone where (select count(*) from viridian_gone) > 0";
    }

    /** The value that one column of the target is given; parameters as for {@link #patch}. */
    String value(TargetColumn column, Set<String> missing) {
        boolean expanded = route.expansion()
                .filter(one -> one.fed().contains(column.name()))
                .isPresent();
        return "select " + column.castExpression() + " from " + rows(without(missing))
                + (expanded ? route.lateral() : "");
    }

    /** Removes exactly one row equal to the given one, from a table without a key. */
    String deleteOne() {
        List<String> equal = new ArrayList<>();
        for (int index = 0; index < route.columns().size(); index++) {
            String name = Sql.identifier(route.columns().get(index).name());
            equal.add("e." + name + "::text is not distinct from d.v" + index + "::text");
        }
        return "delete from " + target + " as t where (t.tableoid, t.ctid) = (select e.tableoid, e.ctid from " + target
                + " as e, (select " + valueExpressions(route.columns()) + " from " + rows(allColumns) + where()
                + ") as d where "
                + String.join(" and ", equal) + " limit 1)";
    }

    /** Takes the values of a part away from rows; parameters as for {@link #delete}. */
    String clear(RouteLayout.Membership membership) {
        return "update " + target + " as t set " + emptied() + " from (select " + keyExpressions() + " from "
                + rows(known(membership)) + wasThere(membership) + ") as d where " + keysMatch("d");
    }

    private String emptied() {
        return route.settableColumns().stream()
                .map(column -> Sql.identifier(column.name()) + " = null")
                .collect(Collectors.joining(", "));
    }

    /** Takes the values of a part away from every row. */
    String clearAll() {
        return "update " + target + " as t set " + emptied();
    }

    /** Removes every row of ours; not TRUNCATE, which readers with an older snapshot would see as an empty table. */
    String deleteAll() {
        return "delete from " + target + " as t"
                + route.owned().map(condition -> " where " + condition).orElse("");
    }

    List<String> allColumns() {
        return allColumns;
    }

    List<String> without(Set<String> missing) {
        return allColumns.stream().filter(column -> !missing.contains(column)).toList();
    }

    private List<TargetColumn> settable(Set<String> missing) {
        List<TargetColumn> settable = new ArrayList<>(route.computableWithout(missing));
        settable.retainAll(route.settableColumns());
        return settable;
    }

    private static String assignments(List<TargetColumn> columns) {
        List<String> parts = new ArrayList<>();
        for (int index = 0; index < columns.size(); index++) {
            parts.add(Sql.identifier(columns.get(index).name()) + " = d.v" + index);
        }
        return String.join(", ", parts);
    }

    private static String valueExpressions(List<TargetColumn> columns) {
        List<String> parts = new ArrayList<>();
        for (int index = 0; index < columns.size(); index++) {
            parts.add(columns.get(index).castExpression() + " as v" + index);
        }
        return String.join(", ", parts);
    }

    private String keyExpressions() {
        return expressions(route.keyColumns());
    }

    private String groupExpressions() {
        return expressions(route.groupColumns());
    }

    private static String expressions(List<TargetColumn> keys) {
        List<String> parts = new ArrayList<>();
        for (int index = 0; index < keys.size(); index++) {
            parts.add(keys.get(index).castExpression() + " as k" + index);
        }
        return String.join(", ", parts);
    }

    private String keysMatch(String rows) {
        return match(route.keyColumns(), rows);
    }

    private String groupsMatch(String rows) {
        return match(route.groupColumns(), rows);
    }

    private static String match(List<TargetColumn> keys, String rows) {
        List<String> parts = new ArrayList<>();
        for (int index = 0; index < keys.size(); index++) {
            parts.add("t." + Sql.identifier(keys.get(index).name()) + " = " + rows + ".k" + index);
        }
        return String.join(" and ", parts);
    }
}
