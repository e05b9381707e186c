package io.viridian.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${env:NAME}} and {@code ${file:PATH}} in values. What is shown later is the reference, not its value.
 */
final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]*)}");

    private final Map<String, String> environment;

    References(Map<String, String> environment) {
        this.environment = environment;
    }

    static boolean contains(String text) {
        return REFERENCE.matcher(text).find();
    }

    /** Whether the text is a reference and nothing else. */
    static boolean isWhole(String text) {
        return REFERENCE.matcher(text).matches();
    }

    /**
     * The text with its references replaced; inside a longer text each value is first made fit for it.
     *
     * @throws IllegalArgumentException when a variable or file is not there
     */
    String resolve(String text, Place place, UnaryOperator<String> embedding) {
        boolean whole = isWhole(text);
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            String value = matcher.group(1).equals("env") ? variable(matcher.group(2)) : file(matcher.group(2), place);
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(whole ? value : embedding.apply(value)));
        }
        return matcher.appendTail(resolved).toString();
    }

    private String variable(String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the variable " + name + " is not set");
        }
        return value;
    }

    private static String file(String name, Place place) {
        return content(place.resolve(name));
    }

    /** The file's text without the line break that editors put at the end. */
    static String content(Path file) {
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("the file " + file + " cannot be read", unreadable);
        }
    }
}
