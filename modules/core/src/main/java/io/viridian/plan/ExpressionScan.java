package io.viridian.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds which columns an SQL expression may read, by its words. It errs on the safe side: a word that happens to be a
 * column's name counts as that column, the alias alone counts as the whole row. PostgreSQL decides what the expression
 * means; this only has to name a superset of what it reads.
 */
public final class ExpressionScan {
    private static final Pattern PLAIN = Pattern.compile(
            "\\s*(?:(\"[^\"]+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)\\s*\\.\\s*)?(\"[^\"]+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)\\s*(::\\s*[\\w\"., ()\\[\\]]+)?\\s*");

    private ExpressionScan() {}

    /** The columns among {@code columns} that {@code expression} may read, when rows are called {@code alias}. */
    public static Set<String> reads(String expression, String alias, Set<String> columns) {
        List<String> words = words(expression);
        Set<String> found = new HashSet<>();
        for (int index = 0; index < words.size(); index++) {
            String word = words.get(index);
            boolean dotFollows =
                    index + 1 < words.size() && words.get(index + 1).equals(".");
            if (word.equals(alias) && !(dotFollows && !isStar(words, index + 2))) {
                return Set.copyOf(columns);
            }
            if (columns.contains(word)) {
                found.add(word);
            }
        }
        return found;
    }

    /** Whether any of these names, folded, stands in the expression. */
    public static boolean mentions(String expression, Set<String> names) {
        return words(expression).stream().anyMatch(names::contains);
    }

    /**
     * The column that an expression copies unchanged but for a cast: {@code i.name}, {@code name},
     * {@code i.id::bigint}.
     */
    public static Optional<PlainReference> plainReference(String expression, String alias, Set<String> columns) {
        Matcher matcher = PLAIN.matcher(expression);
        if (!matcher.matches()
                || (matcher.group(1) != null && !fold(matcher.group(1)).equals(alias))) {
            return Optional.empty();
        }
        String column = fold(matcher.group(2));
        return columns.contains(column)
                ? Optional.of(new PlainReference(column, matcher.group(3) != null))
                : Optional.empty();
    }

    /** A column copied as it is, or through a cast. */
    public record PlainReference(String column, boolean cast) {}

    private static boolean isStar(List<String> words, int index) {
        return index < words.size() && words.get(index).equals("*");
    }

    private static String fold(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1)
                : identifier.toLowerCase(Locale.ROOT);
    }

    /** Identifiers (folded), dots and stars; literals, numbers, comments and other signs are left out. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = SqlLexer.afterToken(text, at);
            char c = text.charAt(at);
            if (c == '"') {
                words.add(text.substring(at + 1, Math.max(at + 1, end - 1)).replace("\"\"", "\""));
            } else if (SqlLexer.startsWord(c) && text.charAt(end - 1) != '\'') {
                words.add(text.substring(at, end).toLowerCase(Locale.ROOT));
            } else if (c == '.' || c == '*') {
                words.add(String.valueOf(c));
            }
            at = end;
        }
        return words;
    }
}
