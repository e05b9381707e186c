package io.viridian.daemon.config;

import java.util.List;

/** A piece of a YAML document that still knows its line. */
sealed interface YamlNode {
    int line();

    /** Any scalar, as its text; {@code absent} when nothing, or {@code null} or {@code ~}, stands there unquoted. */
    record Scalar(String text, boolean absent, int line) implements YamlNode {
        /** The text may be a secret; whether it is, only its key knows. */
        @Override
        public String toString() {
            return kind() + " on line " + line;
        }
    }

    /** A list. */
    record Sequence(List<YamlNode> elements, int line) implements YamlNode {
        public Sequence {
            elements = List.copyOf(elements);
        }
    }

    /** Keys and values in the order of the file, duplicates included. */
    record Mapping(List<Entry> entries, int line) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }
    }

    /** One key with its value. */
    record Entry(String key, int line, YamlNode value) {}

    /** As a noun, for refusals. */
    default String kind() {
        return switch (this) {
            case Scalar scalar -> scalar.absent() ? "nothing" : "a single value";
            case Sequence _ -> "a list";
            case Mapping _ -> "a section";
        };
    }
}
