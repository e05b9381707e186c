package io.viridian.cutover.hook;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a hook is told; no secrets.
 *
 * @param hook its name
 * @param moment as the configuration writes it
 * @param direction {@code cutover} or {@code rollback}
 * @param attempt names the switch; empty outside of one
 * @param blue hosts and database, without user and password
 * @param green hosts and database, without user and password
 */
public record HookSubject(
        String migration, String hook, String moment, String direction, String attempt, String blue, String green) {
    /** Below this a character of a JSON text must be written as its number. */
    private static final char FIRST_PRINTABLE = ' ';

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("migration", migration);
        facts.put("hook", hook);
        facts.put("moment", moment);
        facts.put("direction", direction);
        facts.put("attempt", attempt);
        facts.put("blue", blue);
        facts.put("green", green);
        return facts;
    }

    /** For a command: {@code VIRIDIAN_MIGRATION} and so on. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        facts().forEach((name, value) -> environment.put("VIRIDIAN_" + name.toUpperCase(Locale.ROOT), value));
        return environment;
    }

    /** For a request: one object of texts. */
    String json() {
        return facts().entrySet().stream()
                .map(fact -> quoted(fact.getKey()) + ": " + quoted(fact.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (letter < FIRST_PRINTABLE) {
                quoted.append("\\u%04x".formatted((int) letter));
            } else if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }
}
