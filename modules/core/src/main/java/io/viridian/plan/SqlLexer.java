package io.viridian.plan;

/**
 * Finds where the tokens of an SQL text end, as PostgreSQL's own lexer does with standard_conforming_strings on (manual
 * 14-18, section 4.1). It knows just enough to tell code from quotes and comments.
 */
public final class SqlLexer {
    private SqlLexer() {}

    /**
     * The position after the token that begins at {@code at}: a string, a quoted identifier, a dollar quote, a comment,
     * a word, or else one character. What is not terminated ends with the text.
     */
    public static int afterToken(String text, int at) {
        char c = text.charAt(at);
        if (c == '\'') {
            return afterQuoted(text, at, false);
        }
        if ((c == 'e' || c == 'E') && text.startsWith("'", at + 1)) {
            return afterQuoted(text, at + 1, true);
        }
        if (c == '"') {
            return afterQuoted(text, at, false);
        }
        if (c == '$') {
            return afterDollar(text, at);
        }
        if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end;
        }
        if (text.startsWith("/*", at)) {
            return afterComment(text, at);
        }
        return startsWord(c) ? afterWord(text, at) : at + 1;
    }

    public static boolean startsWord(char c) {
        return Character.isLetter(c) || c == '_';
    }

    public static boolean startsComment(String text, int at) {
        return text.startsWith("--", at) || text.startsWith("/*", at);
    }

    private static int afterWord(String text, int start) {
        int at = start + 1;
        while (at < text.length() && continuesWord(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean continuesWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private static int afterQuoted(String text, int start, boolean backslashEscapes) {
        char quote = text.charAt(start);
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

    /**
     * A dollar quote from its opening to its closing tag; a parameter like {@code $1} is one character and a number.
     */
    private static int afterDollar(String text, int start) {
        int end = start + 1;
        if (end < text.length() && startsWord(text.charAt(end))) {
            while (end < text.length() && continuesWord(text.charAt(end)) && text.charAt(end) != '$') {
                end++;
            }
        }
        if (end >= text.length() || text.charAt(end) != '$') {
            return start + 1;
        }
        String tag = text.substring(start, end + 1);
        int closing = text.indexOf(tag, end + 1);
        return closing < 0 ? text.length() : closing + tag.length();
    }

    /** Comments nest, unlike in most languages. */
    private static int afterComment(String text, int start) {
        int depth = 0;
        int at = start;
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return text.length();
    }
}
