package io.viridian.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The places in a query, as a server prints it, where tables stand: names with their schema. A column is never printed
 * with a schema before its table.
 */
final class QueryTables {
    /** A row that has a part in one of these is not found by looking at the changed rows alone. */
    private static final Set<String> OVER_MANY_ROWS =
            Set.of("having", "over", "window", "limit", "offset", "fetch", "recursive", "intersect", "except", "union");

    private static final Pattern SUBQUERY = Pattern.compile("\\s*(?:select|with|values)\\b", Pattern.CASE_INSENSITIVE);

    private final String sql;
    private final List<Place> places = new ArrayList<>();
    private boolean overManyRows;

    /** A table's name in the text, and within how many subqueries. */
    record Place(TableName table, int begin, int end, int depth) {}

    QueryTables(String sql, Set<TableName> known) {
        this.sql = sql;
        Deque<Boolean> parentheses = new ArrayDeque<>();
        int depth = 0;
        for (int at = 0; at < sql.length(); at = SqlLexer.afterToken(sql, at)) {
            char c = sql.charAt(at);
            if (c == '(') {
                boolean query =
                        SUBQUERY.matcher(sql).region(at + 1, sql.length()).lookingAt();
                parentheses.push(query);
                depth += query ? 1 : 0;
            } else if (c == ')' && !parentheses.isEmpty()) {
                depth -= parentheses.pop() ? 1 : 0;
            }
            if (!isName(c) || (at > 0 && sql.charAt(at - 1) == '.')) {
                continue;
            }
            int end = SqlLexer.afterToken(sql, at);
            overManyRows |= OVER_MANY_ROWS.contains(sql.substring(at, end).toLowerCase(Locale.ROOT));
            if (end < sql.length() && sql.charAt(end) == '.' && end + 1 < sql.length() && isName(sql.charAt(end + 1))) {
                int last = SqlLexer.afterToken(sql, end + 1);
                TableName named = TableName.parse(sql.substring(at, last));
                if (known.contains(named)) {
                    places.add(new Place(named, at, last, depth));
                }
            }
        }
    }

    private static boolean isName(char c) {
        return c == '"' || SqlLexer.startsWord(c);
    }

    List<Place> places() {
        return places;
    }

    /** Whether a change of one row can be told by that row alone, wherever its table stands. */
    boolean rowByRow() {
        return !overManyRows && places.stream().allMatch(place -> place.depth() == 0);
    }

    /** The query over mirrors. */
    String mirrored() {
        return replaced(-1, "");
    }

    /** The query over other relations, which keep the names that the rest of the query knows the tables by. */
    String over(Function<TableName, String> relations) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (Place place : places) {
            text.append(sql, at, place.begin()).append(relations.apply(place.table()));
            if (!isCalledOtherwise(place.end())) {
                text.append(" as ").append(Sql.identifier(place.table().name()));
            }
            at = place.end();
        }
        return text.append(sql.substring(at)).toString();
    }

    /** Whether an alias follows: a server prints names in small letters or quoted, and its own words in capitals. */
    private boolean isCalledOtherwise(int end) {
        int next = end;
        while (next < sql.length() && Character.isWhitespace(sql.charAt(next))) {
            next++;
        }
        return next < sql.length() && isName(sql.charAt(next)) && !Character.isUpperCase(sql.charAt(next));
    }

    /** The query over mirrors, with the table at one place called otherwise. */
    String replaced(int which, String name) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int index = 0; index < places.size(); index++) {
            Place place = places.get(index);
            text.append(sql, at, place.begin());
            text.append(
                    index == which ? name : Derivation.mirrorOf(place.table()).sql());
            at = place.end();
        }
        return text.append(sql.substring(at)).toString();
    }
}
