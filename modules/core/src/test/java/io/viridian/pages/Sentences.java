package io.viridian.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a source file of core says about its parts: the comment above each, as the page shows it. */
public final class Sentences {
    private static final Pattern COMMENTED = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:public |sealed )*(?:record |interface )?(\\w+)", Pattern.DOTALL);

    private final Map<String, String> byName = new LinkedHashMap<>();
    private final String file;

    private Sentences(String file, String source) {
        this.file = file;
        Matcher matcher = COMMENTED.matcher(source);
        while (matcher.find()) {
            byName.putIfAbsent(matcher.group(2), plain(matcher.group(1)));
        }
    }

    /** Those of {@code modules/core/src/main/java/<file>}. */
    public static Sentences of(String file) {
        try {
            return new Sentences(
                    file, Files.readString(Path.of("src", "main", "java").resolve(file)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What it says about the part with this name. */
    public String about(String name) {
        return Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new AssertionError(file + " says nothing about " + name + ", only about " + byName));
    }

    private static String plain(String comment) {
        String text = comment.replaceAll("(?m)^\\s*\\*", " ").replaceAll("\\s+", " ");
        int tags = text.indexOf(" @param");
        return (tags < 0 ? text : text.substring(0, tags))
                .replaceAll("\\{@(?:link|code) #?([^}]*)}", "`$1`")
                .replaceAll("</?p>", "")
                .strip();
    }
}
