package io.viridian.tidy.gate;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Maven printed about a reactor that goes on after failures.
 *
 * @param file where a person finds the whole of it
 */
record MavenLog(Path file, String text) {
    private static final String REFUSAL = "[ERROR] Failed to execute goal ";

    /** Why a module failed: the paragraph on it below the summary; empty when there is none. */
    String refusalOf(String module) {
        return Stream.of(text.split(Pattern.quote(REFUSAL)))
                .skip(1)
                .filter(paragraph -> paragraph.contains("on project " + module + ":"))
                .findFirst()
                .orElse("");
    }

    boolean reportsSuccessOf(String module) {
        return Pattern.compile(Pattern.quote(module) + " .*\\. SUCCESS")
                .matcher(text)
                .find();
    }
}
