package io.viridian.daemon.http;

import java.security.SecureRandom;
import java.util.Base64;

/** A token that was made just now; the only time that its text is there. */
public record IssuedToken(String text) {
    /** 256 bits: nobody guesses it, so wrong guesses need not be counted. */
    private static final int BYTES = 32;

    /** So that people and secret scanners recognise a token that leaked. */
    private static final String PREFIX = "viridian_";

    /** Makes one that nobody had before. */
    public static IssuedToken fresh() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return new IssuedToken(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    /** What is kept of it, in hexadecimal. */
    public String sha256() {
        return Sha256.hex(text);
    }

    /** The text is a secret. */
    @Override
    public String toString() {
        return "a token";
    }
}
