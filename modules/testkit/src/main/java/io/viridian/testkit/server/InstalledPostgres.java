package io.viridian.testkit.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The PostgreSQL that Debian's packages have put on this machine, for what needs a library that the embedded servers do
 * not have. Its servers run as the embedded ones do, from other binaries.
 *
 * @param home holds {@code bin} and {@code lib}
 */
public record InstalledPostgres(int majorVersion, Path home) {

    private static final Path PACKAGES = Path.of("/usr/lib/postgresql");

    /** Empty where the package of that version is not installed. */
    public static Optional<InstalledPostgres> find(int majorVersion) {
        InstalledPostgres installed =
                new InstalledPostgres(majorVersion, PACKAGES.resolve(Integer.toString(majorVersion)));
        return Optional.of(installed)
                .filter(one -> Files.isExecutable(one.binaries().program("initdb")))
                .filter(one -> Files.isExecutable(one.binaries().program("postgres")));
    }

    /** Whether a server may have that name in {@code shared_preload_libraries}. */
    public boolean hasLibrary(String name) {
        return Files.isReadable(home.resolve("lib").resolve(name + ".so"));
    }

    /** One of its programs, for what the embedded servers come without; empty where it is not there. */
    public Optional<Path> program(String name) {
        return Optional.of(binaries().program(name)).filter(Files::isExecutable);
    }

    /** Two servers of their own for the caller, the same settings on both sides. */
    public ServerPair start(Map<String, String> settings) {
        return ServerPair.start(role -> Servers.start(new ServerSpec(role, majorVersion, settings, false), binaries()));
    }

    /** A data directory fits every release of its major version, so one template is enough for all of them. */
    private EmbeddedBinaries binaries() {
        return new EmbeddedBinaries("installed-" + majorVersion, home);
    }
}
