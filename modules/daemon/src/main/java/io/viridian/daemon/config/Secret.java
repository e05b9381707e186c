package io.viridian.daemon.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that is never printed: only {@link #reveal()} gives it away, so a search for that name finds every use. */
public final class Secret {
    /** What stands in the place of a secret wherever one would be printed. */
    public static final String MASK = "****";

    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), secret.text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for all, since a hash of a short password would give it away. */
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return MASK;
    }
}
