package io.viridian.schema.green;

import io.viridian.plan.SqlLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Splits a dump into statements: a semicolon ends one unless it is quoted, in parentheses (the body of a rule) or
 * between BEGIN ATOMIC and its END (the body of a function, since PostgreSQL 14). END and CASE are reserved words, so
 * counting them is exact; BEGIN alone is not, and may name a column. Meta-commands of psql, like the {@code \restrict}
 * that newer dumps open with, are left out.
 */
final class SqlScript {
    /** The words that may come before the name of a function; CREATE OR REPLACE PROCEDURE is the longest run. */
    private static final Set<String> OPENING = Set.of("create", "or", "replace", "function", "procedure");

    private final String text;
    private final List<String> statements = new ArrayList<>();
    private int start = -1;
    private int parentheses;
    private int bodies;
    private boolean opening = true;
    private boolean routine;
    private String previous = "";

    private SqlScript(String text) {
        this.text = text;
    }

    static List<String> statements(String text) {
        return new SqlScript(text).split();
    }

    private List<String> split() {
        int at = 0;
        while (at < text.length()) {
            if (start < 0 && text.charAt(at) == '\\') {
                at = afterLine(at);
            } else {
                int end = SqlLexer.afterToken(text, at);
                read(at, end);
                at = end;
            }
        }
        finish(text.length());
        return statements;
    }

    private int afterLine(int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end + 1;
    }

    private void read(int at, int end) {
        char c = text.charAt(at);
        if (Character.isWhitespace(c) || SqlLexer.startsComment(text, at)) {
            return;
        }
        if (c == ';' && parentheses == 0 && bodies == 0) {
            finish(at);
            return;
        }
        if (start < 0) {
            start = at;
        }
        if (c == '(') {
            parentheses++;
        } else if (c == ')') {
            parentheses--;
        } else if (SqlLexer.startsWord(c)) {
            readWord(text.substring(at, end).toLowerCase(Locale.ROOT));
        }
    }

    private void readWord(String word) {
        opening &= OPENING.contains(word);
        routine |= opening && (word.equals("function") || word.equals("procedure"));
        if (routine && bodies == 0 && previous.equals("begin") && word.equals("atomic")) {
            bodies = 1;
        } else if (bodies > 0 && word.equals("case")) {
            bodies++;
        } else if (bodies > 0 && word.equals("end")) {
            bodies--;
        }
        previous = word;
    }

    private void finish(int end) {
        if (start >= 0) {
            statements.add(text.substring(start, end).strip());
        }
        start = -1;
        parentheses = 0;
        bodies = 0;
        opening = true;
        routine = false;
        previous = "";
    }
}
