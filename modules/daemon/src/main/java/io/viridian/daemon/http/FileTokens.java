package io.viridian.daemon.http;

import io.viridian.daemon.config.ConfigurationException;
import io.viridian.daemon.config.TokenEntry;
import io.viridian.daemon.config.TokensFile;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that {@code http.tokens-file} lists, read again when the file changes. A file that is refused then changes
 * nothing: who could call still can, and the log says why. Any thread.
 */
final class FileTokens implements Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(FileTokens.class);

    /** A revoked token is refused this soon; looking costs one call to the file system. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Path file;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private Optional<Stamp> seen;
    private volatile List<TokenEntry> known;

    private FileTokens(Path file, Clock clock, Optional<Stamp> seen, List<TokenEntry> known) {
        this.file = file;
        this.clock = clock;
        this.seen = seen;
        this.known = known;
    }

    /** By which a file is known to be the one that was read, with the rights that it had. */
    private record Stamp(FileTime modified, long size, String key, Set<PosixFilePermission> rights) {}

    /**
     * Reads the file for the first time.
     *
     * @throws ConfigurationException when it is refused
     */
    static FileTokens read(Path file, Clock clock) {
        Optional<Stamp> stamp = stamp(file);
        return new FileTokens(file, clock, stamp, TokensFile.read(file));
    }

    /** Looks at the file until told to stop or interrupted; on a thread of its own. */
    void watch(BooleanSupplier stopping) {
        try {
            while (!stopping.getAsBoolean()) {
                waiter.await(LOOK_EVERY);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the file again when it is another one than before; each change is told once. */
    synchronized void look() {
        Optional<Stamp> now = stamp(file);
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            known = TokensFile.read(file);
            LOG.info("{} has changed: {} tokens may call from now on", file, known.size());
        } catch (ConfigurationException e) {
            LOG.warn(
                    "{} has changed and is refused; the {} tokens from before go on to hold, revoked ones included,"
                            + " until it is mended:\n{}",
                    file,
                    known.size(),
                    e.problems().text());
        }
    }

    /** Compares with every one, so that the time taken tells nothing about which is near. */
    @Override
    public Optional<Caller> callerOf(String token) {
        byte[] digest = bytes(Sha256.hex(token));
        Optional<TokenEntry> found = Optional.empty();
        for (TokenEntry one : known) {
            if (MessageDigest.isEqual(bytes(one.sha256()), digest)) {
                found = Optional.of(one);
            }
        }
        return found.map(this::caller);
    }

    private Caller caller(TokenEntry entry) {
        Optional<Instant> end = entry.expires();
        if (end.isPresent() && !clock.now().isBefore(end.get())) {
            throw ProblemKind.TOKEN_EXPIRED.refusal("the token of %s expired at %s".formatted(entry.name(), end.get()));
        }
        return new Caller(entry.name(), entry.role());
    }

    private static byte[] bytes(String hexadecimal) {
        return hexadecimal.getBytes(StandardCharsets.US_ASCII);
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            PosixFileAttributes now = Files.readAttributes(file, PosixFileAttributes.class);
            return Optional.of(
                    new Stamp(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()), now.permissions()));
        } catch (IOException unreadable) {
            LOG.debug("{} cannot be looked at; reading it says why", file, unreadable);
            return Optional.empty();
        }
    }
}
