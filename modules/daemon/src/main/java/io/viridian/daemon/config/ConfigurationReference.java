package io.viridian.daemon.config;

import java.util.stream.Collectors;

/** The table of keys in {@code docs/reference/configuration.md}. */
final class ConfigurationReference {
    private static final String HEAD = """
            | key | must be | default | meaning | why this default |
            |---|---|---|---|---|
            """;

    private ConfigurationReference() {}

    static String markdown() {
        return HEAD
                + ConfigurationKeys.list().stream()
                        .map(ConfigurationReference::row)
                        .collect(Collectors.joining());
    }

    private static String row(ConfigurationKey<?> key) {
        String meaning = key.meaning() + key.notYet().map(notYet -> notYet(key)).orElse("");
        return "| " + code(key.path()) + " | " + cell(key.type().rule()) + " | " + cell(fallback(key)) + " | "
                + cell(meaning) + " | " + cell(reason(key)) + " |\n";
    }

    private static String notYet(ConfigurationKey<?> key) {
        return key.defaultText().isPresent() ? " Not built yet: " + code(key.example()) + "." : " Not built yet.";
    }

    private static String fallback(ConfigurationKey<?> key) {
        return switch (key.presence()) {
            case Presence.Required<?> _ -> "required, like " + code(key.example());
            case Presence.Defaulted<?> _ -> code(key.defaultText().orElse(""));
            case Presence.Absent<?> absent -> "absent: " + absent.meaning();
        };
    }

    private static String reason(ConfigurationKey<?> key) {
        return key.presence() instanceof Presence.Defaulted<?> defaulted ? defaulted.reason() : "";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
