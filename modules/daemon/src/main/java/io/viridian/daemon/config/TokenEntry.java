package io.viridian.daemon.config;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token that somebody was given, as the file of tokens knows it: never the token itself.
 *
 * @param name whose it is; stands in the timeline beside what was asked for with it
 * @param sha256 of the token's text, in hexadecimal
 * @param expires from then on it is refused
 */
public record TokenEntry(String name, Role role, String sha256, Optional<Instant> expires) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9@._-]{0,63}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /**
     * The same text, if it can be a name.
     *
     * @throws IllegalArgumentException when it cannot
     */
    public static String demandName(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("not a name: it must be 1 to 64 letters, digits, dots, dashes,"
                    + " underscores or @, the first a letter or digit");
        }
        return text;
    }

    /**
     * The same text, if it can be a digest.
     *
     * @throws IllegalArgumentException when it cannot
     */
    static String demandDigest(String text) {
        if (!DIGEST.matcher(text).matches()) {
            throw new IllegalArgumentException("not a SHA-256: it must be 64 hexadecimal digits in lower case");
        }
        return text;
    }

    /** As it stands in the file. */
    public String yaml() {
        return "- name: %s\n  role: %s\n  sha-256: \"%s\"\n".formatted(name, role.text(), sha256)
                + expires.map(end -> "  expires: " + end + "\n").orElse("");
    }
}
