package io.viridian.testkit.ledger;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The ledger on disk, for whoever has to find out afterwards what happened to an operation: one line when it begins and
 * one when it ends. Columns: microseconds since the workload began, operation, side, what, detail. Any thread.
 */
final class JournalFile implements AutoCloseable {

    private final BufferedWriter file;

    JournalFile(Path path) {
        try {
            Path directory = path.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            file = Files.newBufferedWriter(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void write(long micros, long operation, String side, String what, Object detail) {
        try {
            file.write(Long.toString(micros));
            file.write(' ');
            file.write(Long.toString(operation));
            file.write(' ');
            file.write(side);
            file.write(' ');
            file.write(what);
            file.write(' ');
            file.write(String.valueOf(detail));
            file.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void flush() {
        try {
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
