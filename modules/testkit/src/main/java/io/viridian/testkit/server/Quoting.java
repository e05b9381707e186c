package io.viridian.testkit.server;

import java.util.regex.Pattern;

/** The one place where names and values become SQL text, for statements that take no parameters. */
final class Quoting {

    private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private Quoting() {}

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String value) {
        return '\'' + value.replace("'", "''") + '\'';
    }

    static String setting(String name) {
        if (!SETTING_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a setting: " + name);
        }
        return name;
    }
}
