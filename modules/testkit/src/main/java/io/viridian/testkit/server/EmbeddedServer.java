package io.viridian.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server that runs as a child of this JVM, from the binaries in the Maven repository: no Docker, no installation, a
 * few hundred milliseconds. (Or from those of {@link InstalledPostgres}, for what only a package has.) It works as an
 * ordinary user and as root (see {@link Unprivileged}), listens on 127.0.0.1 only, has no unix socket, and does not
 * outlive the JVM, not even one that is killed (see {@link Postmaster}).
 */
final class EmbeddedServer implements PostgresServer {

    /** Another JVM may take the chosen port between our look and the server's bind. */
    private static final int START_ATTEMPTS = 5;

    private final ServerSpec spec;
    private final List<String> prefix;
    private final EmbeddedBinaries binaries;
    private final Path directory;
    private final int port;
    private final MaintenanceSession maintenance = new MaintenanceSession(this);
    private volatile @Nullable Postmaster postmaster;

    private EmbeddedServer(ServerSpec spec, List<String> prefix, EmbeddedBinaries binaries, Path directory, int port) {
        this.spec = spec;
        this.prefix = prefix;
        this.binaries = binaries;
        this.directory = directory;
        this.port = port;
    }

    static EmbeddedServer start(ServerSpec spec) {
        return start(spec, EmbeddedBinaries.of(spec.majorVersion()));
    }

    /** @param binaries of the version that the specification asks for */
    static EmbeddedServer start(ServerSpec spec, EmbeddedBinaries binaries) {
        return start(spec, Unprivileged.commandPrefix(), binaries);
    }

    /** @param prefix goes in front of the server's command */
    static EmbeddedServer start(ServerSpec spec, List<String> prefix, EmbeddedBinaries binaries) {
        for (int attempt = 1; ; attempt++) {
            EmbeddedServer server = create(spec, prefix, binaries, FreePort.find());
            try {
                server.start();
                RunningServers.add(server, server::destroy);
                return server;
            } catch (ServerException e) {
                server.removeFiles();
                boolean portTaken = String.valueOf(e.getMessage()).contains("could not bind");
                if (!portTaken || attempt == START_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public int majorVersion() {
        return spec.majorVersion();
    }

    @Override
    public ServerRole role() {
        return spec.role();
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path logFile() {
        return Postmaster.logFile(directory);
    }

    @Override
    public Path dataDirectory() {
        return Postmaster.dataDirectory(directory);
    }

    @Override
    public void execute(String statement) throws SQLException {
        maintenance.execute(statement);
    }

    @Override
    public boolean running() {
        Postmaster current = postmaster;
        return current != null && current.running();
    }

    @Override
    public synchronized void start() {
        if (!running()) {
            postmaster = Postmaster.start(prefix, binaries.program("postgres"), directory);
        }
    }

    @Override
    public void stopImmediately() {
        stop("QUIT");
    }

    @Override
    public void stopFast() {
        stop("INT");
    }

    @Override
    public synchronized void freeze() {
        if (postmaster != null) {
            postmaster.freeze();
        }
    }

    @Override
    public synchronized void thaw() {
        if (postmaster != null) {
            postmaster.thaw();
        }
    }

    @Override
    public void close() {
        if (spec.shared()) {
            thaw();
            start();
        } else {
            destroy();
        }
    }

    /** Ends a shared server too; for the end of the JVM. */
    private void destroy() {
        stopImmediately();
        RunningServers.remove(this);
        ClosedLogs.keep(spec.label(), logFile());
        removeFiles();
    }

    @Override
    public String toString() {
        return "%s on port %d".formatted(spec.label(), port);
    }

    private synchronized void stop(String signal) {
        if (postmaster != null) {
            postmaster.stop(signal);
            postmaster = null;
        }
    }

    private static EmbeddedServer create(ServerSpec spec, List<String> prefix, EmbeddedBinaries binaries, int port) {
        EmbeddedServer server = new EmbeddedServer(spec, prefix, binaries, Workplace.newDirectory(spec.label()), port);
        try {
            Files.createDirectory(server.directory);
            FileTree.copy(DataTemplate.of(binaries, spec.role()), server.dataDirectory());
            server.configure();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return server;
    }

    /** At the end of postgresql.conf, so that {@code alter system} still wins. */
    private void configure() throws IOException {
        Map<String, String> settings = new LinkedHashMap<>(Settings.forTests(spec.settings()));
        settings.put("listen_addresses", host());
        settings.put("port", Integer.toString(port));
        settings.put("unix_socket_directories", "");
        StringBuilder lines = new StringBuilder("\n");
        settings.forEach((name, value) -> lines.append(Quoting.setting(name))
                .append(" = ")
                .append(Quoting.literal(value))
                .append('\n'));
        Files.writeString(dataDirectory().resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    private void removeFiles() {
        try {
            FileTree.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
