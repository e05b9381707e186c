package io.viridian.plan;

import java.util.Collection;
import java.util.stream.Collectors;

/** Quoting. The only place where names and texts become SQL. */
public final class Sql {
    private Sql() {}

    /** A name as a quoted identifier; always quoted, so that keywords and capitals need no thought. */
    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text as a literal; backslashes are safe because every session of ours has standard_conforming_strings on. */
    public static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    public static String identifiers(Collection<String> names) {
        return names.stream().map(Sql::identifier).collect(Collectors.joining(", "));
    }
}
