package io.viridian.daemon.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One key of {@code viridian.yaml}: all that is known about it.
 *
 * @param path dotted; {@code []} stands for the number of a list's element
 * @param meaning one sentence for the reference page and the example file
 * @param example a value other than the default, as it would be written
 */
public record ConfigurationKey<T>(
        String path,
        KeyType<T> type,
        Presence<T> presence,
        String meaning,
        String example,
        Optional<NotYet<T>> notYet) {
    private static final String VARIABLE_PREFIX = "VIRIDIAN_";

    /** Values that are understood but not built. */
    record NotYet<T>(Predicate<T> applies, String instead) {}

    static <T> ConfigurationKey<T> required(String path, KeyType<T> type, String meaning, String example) {
        return new ConfigurationKey<>(path, type, new Presence.Required<>(), meaning, example, Optional.empty());
    }

    static <T> ConfigurationKey<T> defaulted(
            String path, KeyType<T> type, Presence.Defaulted<T> value, String meaning, String example) {
        return new ConfigurationKey<>(path, type, value, meaning, example, Optional.empty());
    }

    static <T> ConfigurationKey<T> optional(
            String path, KeyType<T> type, String absentMeans, String meaning, String example) {
        return new ConfigurationKey<>(
                path, type, new Presence.Absent<>(absentMeans), meaning, example, Optional.empty());
    }

    /** The same key, answering "not yet" for the values the predicate accepts. */
    ConfigurationKey<T> notYetFor(Predicate<T> values, String instead) {
        return new ConfigurationKey<>(
                path, type, presence, meaning, example, Optional.of(new NotYet<>(values, instead)));
    }

    /** The environment variable that overrides the file, by rule and not by list. */
    public String variable() {
        return variable(path);
    }

    static String variable(String path) {
        return VARIABLE_PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Keys inside a list's elements can be told apart only by their place in the file. */
    public boolean insideList() {
        return path.contains("[]");
    }

    /** The default as it would be written; empty when there is none. */
    public Optional<String> defaultText() {
        return presence instanceof Presence.Defaulted<T> defaulted
                ? Optional.of(type.format(defaulted.value()))
                : Optional.empty();
    }
}
