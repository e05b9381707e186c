package io.viridian.schema.green;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a dump is carried out on green. */
final class DumpedSchema {
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;

    /**
     * Settings of the dump's session that are ours to decide, or that an older green does not know: pg_dump 17 writes
     * transaction_timeout, which 16 has never heard of.
     */
    private static final Pattern SESSION_SETTING =
            Pattern.compile("SET \\w*(timeout|client_encoding|standard_conforming_strings)\\b.*", FLAGS);

    /** Whoever creates an extension without being superuser does not own it, and may not comment on it either. */
    private static final Pattern EXTENSION_COMMENT = Pattern.compile("COMMENT ON EXTENSION .*", FLAGS);

    /** Triggers of ours on blue; green gets its own. */
    private static final Pattern OUR_TRIGGER = Pattern.compile(
            "CREATE (?:EVENT |CONSTRAINT )?TRIGGER (\"[^\"]+\"|\\S+) .*\\bEXECUTE (?:FUNCTION|PROCEDURE) viridian\\..*",
            FLAGS);

    private static final Pattern TRIGGER_STATE = Pattern.compile(
            "ALTER (?:TABLE .* ENABLE (?:ALWAYS|REPLICA) TRIGGER|EVENT TRIGGER) (\"[^\"]+\"|\\S+)(?: ENABLE.*)?",
            FLAGS);

    private static final Pattern TRIGGER_COMMENT =
            Pattern.compile("COMMENT ON (?:EVENT )?TRIGGER (\"[^\"]+\"|\\S+) .*", FLAGS);

    private DumpedSchema() {}

    static List<String> statements(String dump) {
        List<String> all = SqlScript.statements(dump);
        Set<String> ours = new HashSet<>();
        all.forEach(statement -> trigger(OUR_TRIGGER, statement, ours::add));
        List<String> kept = new ArrayList<>();
        for (String statement : all) {
            if (!SESSION_SETTING.matcher(statement).matches()
                    && !EXTENSION_COMMENT.matcher(statement).matches()
                    && !OUR_TRIGGER.matcher(statement).matches()
                    && !trigger(TRIGGER_STATE, statement, ours::contains)
                    && !trigger(TRIGGER_COMMENT, statement, ours::contains)) {
                kept.add(statement);
            }
        }
        return kept;
    }

    private static boolean trigger(Pattern pattern, String statement, Predicate<String> name) {
        Matcher matcher = pattern.matcher(statement);
        return matcher.matches() && name.test(matcher.group(1));
    }
}
