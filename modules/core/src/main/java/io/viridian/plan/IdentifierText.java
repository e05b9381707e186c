package io.viridian.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits a dotted SQL name into its parts: unquoted parts fold to lower case, as PostgreSQL folds them. */
final class IdentifierText {
    private IdentifierText() {}

    static String[] split(String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            StringBuilder part = new StringBuilder();
            at = readPart(text, at, part);
            if (part.isEmpty()) {
                throw new IllegalArgumentException("empty name in '" + text + "'");
            }
            parts.add(part.toString());
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at) != '.') {
                throw new IllegalArgumentException("unexpected '" + text.charAt(at) + "' in name '" + text + "'");
            }
            at++;
        }
        return parts.toArray(String[]::new);
    }

    private static int readPart(String text, int start, StringBuilder part) {
        if (start < text.length() && text.charAt(start) == '"') {
            return readQuoted(text, start + 1, part);
        }
        int at = start;
        while (at < text.length() && isNameCharacter(text.charAt(at))) {
            at++;
        }
        part.append(text.substring(start, at).toLowerCase(Locale.ROOT));
        return at;
    }

    private static int readQuoted(String text, int start, StringBuilder part) {
        int at = start;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                part.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                part.append('"');
                at++;
            } else {
                return at;
            }
        }
        throw new IllegalArgumentException("unterminated quote in name '" + text + "'");
    }

    private static boolean isNameCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
