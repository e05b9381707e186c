package io.viridian.daemon.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * The token of a daemon that was given none: made anew at every start, kept by us as a digest only, and written where
 * only the daemon's own user can read it. Any thread.
 */
final class AdminToken implements Tokens {
    private static final Caller ADMIN = new Caller("admin", Role.ADMIN);

    /** 256 bits: nobody guesses it, so wrong guesses need not be counted. */
    private static final int BYTES = 32;

    /** So that people and secret scanners recognise a token that leaked. */
    private static final String PREFIX = "viridian_";

    private final Path file;
    private final byte[] digest;

    private AdminToken(Path file, byte[] digest) {
        this.file = file;
        this.digest = digest;
    }

    /** Makes a token and writes it, readable and writable by the owner only from the first byte on. */
    static AdminToken issue(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        write(file, token);
        return new AdminToken(file, sha256(token));
    }

    Path file() {
        return file;
    }

    @Override
    public Optional<Caller> callerOf(String token) {
        return MessageDigest.isEqual(digest, sha256(token)) ? Optional.of(ADMIN) : Optional.empty();
    }

    /** Deletes the file, unless another daemon has meanwhile written its own there. */
    void withdraw() throws IOException {
        try {
            if (MessageDigest.isEqual(digest, sha256(Files.readString(file).strip()))) {
                Files.delete(file);
            }
        } catch (NoSuchFileException alreadyGone) {
            return;
        }
    }

    private static void write(Path file, String token) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path fresh = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, token + "\n", StandardOpenOption.WRITE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
