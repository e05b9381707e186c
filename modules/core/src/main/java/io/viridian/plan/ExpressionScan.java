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
            char c = text.charAt(at);
            if (c == '\'') {
                at = afterQuoted(text, at, '\'', at > 0 && (text.charAt(at - 1) == 'E' || text.charAt(at - 1) == 'e'));
            } else if (c == '"') {
                int end = afterQuoted(text, at, '"', false);
                words.add(text.substring(at + 1, end - 1).replace("\"\"", "\""));
                at = end;
            } else if (c == '$' && dollarTag(text, at).isPresent()) {
                String tag = dollarTag(text, at).orElseThrow();
                int end = text.indexOf(tag, at + tag.length());
                at = end < 0 ? text.length() : end + tag.length();
            } else if (text.startsWith("--", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at);
                at = end < 0 ? text.length() : end + 2;
            } else if (Character.isLetter(c) || c == '_') {
                int end = at;
                while (end < text.length() && isWordCharacter(text.charAt(end))) {
                    end++;
                }
                words.add(text.substring(at, end).toLowerCase(Locale.ROOT));
                at = end;
            } else {
                if (c == '.' || c == '*') {
                    words.add(String.valueOf(c));
                }
                at++;
            }
        }
        return words;
    }

    private static boolean isWordCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private static int afterQuoted(String text, int start, char quote, boolean backslashEscapes) {
        int at = start + 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (backslashEscapes && c == '\\') {
                at += 2;
            } else if (c != quote) {
                at++;
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                at += 2;
            } else {
                return at + 1;
            }
        }
        return text.length();
    }

    private static Optional<String> dollarTag(String text, int start) {
        int end = text.indexOf('$', start + 1);
        if (end < 0) {
            return Optional.empty();
        }
        String name = text.substring(start + 1, end);
        return name.chars().allMatch(c -> isWordCharacter((char) c))
                ? Optional.of(text.substring(start, end + 1))
                : Optional.empty();
    }
}
