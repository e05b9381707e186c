package io.viridian.daemon.config;

import java.util.ArrayList;
import java.util.List;

/** A {@code viridian.yaml} with every key: its meaning, its default, and whatever has none commented out. */
public final class ConfigurationExample {
    private static final String HEAD = """
            # Every key of viridian.yaml with its default. Keys without a default are commented out: remove the # in front.
            # A variable overrides each: VIRIDIAN_BACKFILL_WORKERS=4 for backfill.workers. Durations: 250ms 30s 5m 24h 7d.
            # Sizes: 512B 64KiB 64MiB 2GiB. Any value may be ${env:NAME} or ${file:PATH}. Relative paths start at this file.
            """;
    private static final int WIDTH = 116;
    private static final String STEP = "  ";

    private ConfigurationExample() {}

    /** The text of {@code config/viridian.yaml}. */
    public static String yaml() {
        return HEAD + String.join("\n", section("", "")) + "\n";
    }

    private static List<String> section(String path, String indent) {
        List<String> lines = new ArrayList<>();
        for (String name : ConfigurationKeys.children(path)) {
            String inside = path.isEmpty() ? name : path + "." + name;
            List<String> part = ConfigurationKeys.find(inside)
                    .map(key -> key(key, name, indent, true))
                    .orElseGet(() -> subsection(inside, name, indent));
            if (path.isEmpty()) {
                lines.add("");
            }
            lines.addAll(part);
        }
        return lines;
    }

    private static List<String> subsection(String path, String name, String indent) {
        if (!ConfigurationKeys.variants(path).isEmpty()) {
            return elements(path, name, indent);
        }
        List<String> inside = section(path, indent + STEP);
        boolean active = inside.stream()
                .anyMatch(line -> !line.isBlank() && !line.strip().startsWith("#"));
        inside.addFirst(indent + (active ? "" : "#") + name + ":");
        return inside;
    }

    private static List<String> elements(String path, String name, String indent) {
        List<String> lines = new ArrayList<>(List.of(indent + "#" + name + ":"));
        for (String variant : ConfigurationKeys.variants(path)) {
            List<ConfigurationKey<?>> keys = ConfigurationKeys.below(path + "[]." + variant);
            lines.add(indent + "#" + STEP + "- " + variant + ":" + (keys.isEmpty() ? " {}" : ""));
            for (ConfigurationKey<?> key : keys) {
                String last = key.path().substring(key.path().lastIndexOf('.') + 1);
                lines.addAll(key(key, last, indent + "#" + STEP.repeat(3), false));
            }
        }
        return lines;
    }

    /** Inside a commented-out list nothing is commented out a second time. */
    private static List<String> key(ConfigurationKey<?> key, String name, String indent, boolean commentable) {
        List<String> lines = new ArrayList<>(comment(indent, key.meaning() + remark(key)));
        if (key.presence() instanceof Presence.Defaulted<?> defaulted) {
            lines.addAll(comment(indent, "Why this default: " + defaulted.reason()));
        }
        boolean absent = commentable && key.presence() instanceof Presence.Absent;
        lines.add(indent + (absent ? "#" : "") + name + ": " + key.defaultText().orElse(key.example()));
        return lines;
    }

    private static String remark(ConfigurationKey<?> key) {
        String notYet = key.notYet().isPresent() && key.defaultText().isEmpty() ? " Not built yet." : "";
        return switch (key.presence()) {
            case Presence.Required<?> _ -> " Required." + notYet;
            case Presence.Defaulted<?> _ -> notYet;
            case Presence.Absent<?> absent -> " Absent: " + absent.meaning() + "." + notYet;
        };
    }

    private static List<String> comment(String indent, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent).append('#');
        for (String word : text.split(" ", -1)) {
            if (line.length() + word.length() >= WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(indent).append('#');
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
