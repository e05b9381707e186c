package io.viridian.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;

/**
 * A standby of a server that has stopped receiving: the server's files as they were, to be promoted in its place. What
 * was committed since is lost by that, and the log goes on with another timeline. Slots are in the copy as they were,
 * like slots that a failover keeps. Embedded servers only. One thread.
 */
public final class StaleStandby implements AutoCloseable {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final PostgresServer primary;
    private final Path directory;
    private final Path files;

    private StaleStandby(PostgresServer primary, Path directory) {
        this.primary = primary;
        this.directory = directory;
        this.files = directory.resolve("data");
    }

    /** Restarts the server: its files are copied while it does not run. */
    public static StaleStandby of(PostgresServer primary) {
        StaleStandby standby = new StaleStandby(primary, Workplace.newDirectory("standby"));
        try {
            Files.createDirectories(standby.directory);
            primary.stopFast();
            FileTree.copy(primary.dataDirectory(), standby.files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            primary.start();
        }
        return standby;
    }

    /** As a standby to which no slots are carried over. */
    public StaleStandby withoutSlots() {
        Path slots = files.resolve("pg_replslot");
        try {
            FileTree.delete(slots);
            Files.createDirectory(slots, PRIVATE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The primary dies, and at its address the standby answers from now on, as a primary. Once. */
    public void promote() throws SQLException {
        primary.stopImmediately();
        try {
            FileTree.delete(primary.dataDirectory());
            Files.createFile(files.resolve("standby.signal"));
            FileTree.copy(files, primary.dataDirectory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        primary.start();
        primary.execute("select pg_promote(true, 60)");
    }

    @Override
    public void close() {
        try {
            FileTree.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
