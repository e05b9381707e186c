package io.viridian.testkit.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Large values that are a function of the row and of the operation that wrote them, so that the ledger remembers eight
 * bytes instead of nine thousand. Random letters: pglz finds nothing to compress in them.
 *
 * @param seed of the workload
 * @param length in characters, which are bytes
 */
record Content(long seed, int length) {

    private static final byte[] LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final int BITS_PER_LETTER = 6;
    private static final int LETTERS_PER_LONG = Long.SIZE / BITS_PER_LETTER;

    /** What the operation wrote into the row; operation 0 stands for the installation. */
    String of(long row, long operation) {
        SplittableRandom random = new SplittableRandom(Mix.of(seed, row, operation));
        byte[] text = new byte[length];
        long bits = 0;
        for (int i = 0; i < length; i++) {
            if (i % LETTERS_PER_LONG == 0) {
                bits = random.nextLong();
            }
            text[i] = LETTERS[(int) (bits & (LETTERS.length - 1))];
            bits >>>= BITS_PER_LETTER;
        }
        return new String(text, StandardCharsets.US_ASCII);
    }

    /** As PostgreSQL's {@code md5} gives it. */
    String hashOf(long row, long operation) {
        try {
            byte[] bytes = of(row, operation).getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
