package io.viridian.daemon.http;

import io.viridian.daemon.config.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;

/**
 * The token of a daemon that was given none: made anew at every start, kept by us as a digest only, and written where
 * only the daemon's own user can read it. Any thread.
 */
final class AdminToken implements Tokens {
    private static final Caller ADMIN = new Caller("admin", Role.ADMIN);

    private final Path file;
    private final byte[] digest;

    private AdminToken(Path file, byte[] digest) {
        this.file = file;
        this.digest = digest;
    }

    /** Makes a token and writes it, readable and writable by the owner only from the first byte on. */
    static AdminToken issue(Path file) throws IOException {
        String token = IssuedToken.fresh().text();
        write(file, token);
        return new AdminToken(file, Sha256.of(token));
    }

    @Override
    public Optional<Caller> callerOf(String token) {
        return MessageDigest.isEqual(digest, Sha256.of(token)) ? Optional.of(ADMIN) : Optional.empty();
    }

    /** Deletes the file, unless another daemon has meanwhile written its own there. */
    void withdraw() throws IOException {
        try {
            if (MessageDigest.isEqual(digest, Sha256.of(Files.readString(file).strip()))) {
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
}
