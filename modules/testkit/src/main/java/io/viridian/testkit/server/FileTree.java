package io.viridian.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Whole directories: copied and deleted. */
final class FileTree {

    /** The only file of this size in a new data directory is the first segment of the log: 16 MiB, nearly all zeros. */
    private static final long SPARSE_BYTES_MIN = 8L << 20;

    private static final int BLOCK_BYTES = 64 << 10;

    private FileTree() {}

    /** Keeps modes, because PostgreSQL refuses a data directory that others may read. The target must not exist. */
    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.copy(directory, target(directory), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.size() < SPARSE_BYTES_MIN) {
                    Files.copy(file, target(file), StandardCopyOption.COPY_ATTRIBUTES);
                } else {
                    copySparse(file, target(file));
                }
                return FileVisitResult.CONTINUE;
            }

            private Path target(Path source) {
                return to.resolve(from.relativize(source));
            }
        });
    }

    /** Leaves out blocks of zeros, which a file system stores as nothing: copying is mostly waiting for the disk. */
    private static void copySparse(Path from, Path to) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (InputStream source = Files.newInputStream(from);
                RandomAccessFile target = new RandomAccessFile(to.toFile(), "rw")) {
            target.setLength(Files.size(from));
            for (int length = source.readNBytes(block, 0, BLOCK_BYTES);
                    length > 0;
                    length = source.readNBytes(block, 0, BLOCK_BYTES)) {
                if (zeros(block, length)) {
                    target.seek(target.getFilePointer() + length);
                } else {
                    target.write(block, 0, length);
                }
            }
        }
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    }

    private static boolean zeros(byte[] block, int length) {
        for (int i = 0; i < length; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Deletes what there is; a file that vanishes meanwhile is no error, for the watching shell may be deleting too.
     */
    static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null && !(failure instanceof NoSuchFileException)) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
