package io.viridian.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The directory in which this JVM keeps its servers. A lock file beside it, held as long as the JVM lives, tells other
 * JVMs that it is in use; what a killed JVM left behind is removed by the next one. (A process id would not do: it is
 * reused, and means nothing across containers that share a home directory.)
 *
 * <p>The system property or environment variable VIRIDIAN_TEST_DIRECTORY moves it, for example to a file system in
 * memory: much faster, and its databases then count as memory.
 */
final class Workplace {

    private static final String SWITCH = "VIRIDIAN_TEST_DIRECTORY";
    private static final String LOCK_SUFFIX = ".lock";

    /** Between the creation of a lock file and its locking somebody may look; nobody takes a minute for that. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final AtomicInteger NUMBER = new AtomicInteger(1);
    private static final Workplace OF_THIS_JVM = open();

    private final Path directory;

    /** Never released by us: the kernel does it when the process is gone. */
    @SuppressWarnings({"unused", "FieldCanBeLocal"})
    private final FileLock lock;

    private Workplace(Path directory, FileLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** A directory that does not exist yet, for one server. */
    static Path newDirectory(String label) {
        return OF_THIS_JVM.directory.resolve(label + "-" + NUMBER.getAndIncrement());
    }

    /** Removes everything; called when the JVM ends in good order, after its servers have stopped. */
    static void remove() throws IOException {
        FileTree.delete(OF_THIS_JVM.directory);
        Files.deleteIfExists(lockFile(OF_THIS_JVM.directory));
    }

    private static Workplace open() {
        Path running = Optional.ofNullable(System.getProperty(SWITCH))
                .or(() -> Optional.ofNullable(System.getenv(SWITCH)))
                .map(Path::of)
                .orElseGet(() -> EmbeddedBinaries.cache().resolve("running"));
        Path directory = running.resolve(UUID.randomUUID().toString());
        try {
            Files.createDirectories(running);
            sweep(running);
            FileLock lock = FileChannel.open(
                            lockFile(directory), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                    .lock();
            Files.createDirectory(directory);
            return new Workplace(directory, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make room for servers in " + running, e);
        }
    }

    private static void sweep(Path running) throws IOException {
        List<Path> lockFiles;
        try (Stream<Path> files = Files.list(running)) {
            lockFiles =
                    files.filter(file -> file.toString().endsWith(LOCK_SUFFIX)).toList();
        }
        Instant newest = Instant.now().minus(GRACE);
        for (Path lockFile : lockFiles) {
            sweep(lockFile, newest);
        }
    }

    private static void sweep(Path lockFile, Instant newest) {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            if (Files.getLastModifiedTime(lockFile).toInstant().isAfter(newest) || channel.tryLock() == null) {
                return;
            }
            String name = lockFile.getFileName().toString();
            FileTree.delete(lockFile.resolveSibling(name.substring(0, name.length() - LOCK_SUFFIX.length())));
            Files.deleteIfExists(lockFile);
        } catch (IOException _) {
            // Somebody else sweeps at the same time, or may not: leftovers cost disk, not correctness.
        }
    }

    private static Path lockFile(Path directory) {
        return directory.resolveSibling(directory.getFileName() + LOCK_SUFFIX);
    }
}
