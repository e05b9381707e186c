package io.viridian.plan;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one source row becomes none, one or many rows of the target.
 *
 * @param sql a FROM item that may read the source row, as the author wrote it: {@code unnest(i.tags) with ordinality as
 *     x(tag, position)}
 * @param fed the target columns whose expressions read what it gives; the others are the same for all rows of one
 *     source row
 */
public record Expansion(String sql, Set<String> fed) {
    private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)";

    private static final Pattern LAST_NAME = Pattern.compile("(?s).*[\\s)]" + NAME + "\\s*");

    private static final Pattern FIRST_NAME = Pattern.compile("(?s)\\s*" + NAME + "(?:\\s.*)?");

    public Expansion {
        fed = Set.copyOf(fed);
    }

    /**
     * The names by which expressions read what it gives: its alias and its columns.
     *
     * @return empty when it does not end with {@code alias(column, …)}
     */
    static Optional<Set<String>> names(String sql) {
        int open = lastParenthesis(sql.stripTrailing());
        if (open < 0) {
            return Optional.empty();
        }
        Matcher alias = LAST_NAME.matcher(sql.substring(0, open));
        if (!alias.matches()) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>();
        names.add(folded(alias.group(1)));
        String list = sql.stripTrailing();
        int begin = open + 1;
        for (int at = begin, depth = 0; at < list.length(); at = SqlLexer.afterToken(list, at)) {
            char c = list.charAt(at);
            boolean ends = depth == 0 && (c == ',' || c == ')');
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (ends) {
                Matcher column = FIRST_NAME.matcher(list.substring(begin, at));
                if (!column.matches()) {
                    return Optional.empty();
                }
                names.add(folded(column.group(1)));
                begin = at + 1;
            }
        }
        return Optional.of(names);
    }

    /** What expressions call the rows that it gives, as SQL. */
    public String alias() {
        Matcher alias = LAST_NAME.matcher(sql.substring(0, Math.max(0, lastParenthesis(sql.stripTrailing()))));
        return alias.matches() ? Sql.identifier(folded(alias.group(1))) : "";
    }

    /** Where the parenthesis opens that the text ends with; -1 when it ends otherwise. */
    private static int lastParenthesis(String text) {
        int open = -1;
        int depth = 0;
        boolean closed = false;
        for (int at = 0; at < text.length(); at = SqlLexer.afterToken(text, at)) {
            char c = text.charAt(at);
            if (c == '(' && depth++ == 0) {
                open = at;
            }
            closed = c == ')' && --depth == 0;
        }
        return closed ? open : -1;
    }

    private static String folded(String name) {
        return IdentifierText.split(name)[0];
    }
}
