package io.viridian.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.viridian.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A server in a container of the official image. Stopping sends the signal to the postmaster, which is the container's
 * first process; freezing pauses the container. The host's port is fixed in advance, because Docker hands out another
 * one after each restart and a server of ours keeps its port.
 */
final class ContainerServer implements PostgresServer {

    private static final int PORT_INSIDE = 5432;

    private final ServerSpec spec;
    private final int port;
    private final PostgreSQLContainer container;
    private final Path directory;
    private final MaintenanceSession maintenance = new MaintenanceSession(this);

    private ContainerServer(ServerSpec spec, int port, PostgreSQLContainer container, Path directory) {
        this.spec = spec;
        this.port = port;
        this.container = container;
        this.directory = directory;
    }

    static ContainerServer start(ServerSpec spec) {
        int port = FreePort.find();
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:" + spec.majorVersion());
        container.withUsername("postgres").withPassword("postgres").withDatabaseName("postgres");
        container.withEnv("POSTGRES_HOST_AUTH_METHOD", "trust");
        container.withEnv("POSTGRES_INITDB_ARGS", "--locale=C.UTF-8");
        container.withCreateContainerCmdModifier(command -> bind(command, port));
        ContainerServer server = new ContainerServer(spec, port, container, Workplace.newDirectory(spec.label()));
        try {
            Files.createDirectory(server.directory);
            container.start();
            server.configure();
        } catch (IOException | SQLException e) {
            container.stop();
            throw new ServerException("cannot start a container of PostgreSQL " + spec.majorVersion(), e);
        }
        RunningServers.add(server, server::destroy);
        return server;
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
        return container.getHost();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void execute(String statement) throws SQLException {
        maintenance.execute(statement);
    }

    @Override
    public boolean running() {
        return Boolean.TRUE.equals(docker().inspectContainerCmd(container.getContainerId())
                .exec()
                .getState()
                .getRunning());
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
    public void start() {
        if (!running()) {
            docker().startContainerCmd(container.getContainerId()).exec();
        }
        await("the container accepts connections", () -> {
            connect("postgres").close();
            return true;
        });
    }

    @Override
    public void freeze() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void thaw() {
        if (paused()) {
            docker().unpauseContainerCmd(container.getContainerId()).exec();
        }
    }

    /** Docker keeps the log; a copy is written whenever somebody asks. */
    @Override
    public Path logFile() {
        Path file = directory.resolve("postgres.log");
        try {
            return Files.writeString(file, container.getLogs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path dataDirectory() {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show data_directory")) {
            rows.next();
            return Path.of(rows.getString(1));
        } catch (SQLException e) {
            throw new ServerException("cannot ask for the data directory", e);
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
        RunningServers.remove(this);
        ClosedLogs.keep(spec.label(), logFile());
        container.stop();
        try {
            FileTree.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "%s in a container on port %d".formatted(spec.label(), port);
    }

    private static void bind(CreateContainerCmd command, int port) {
        HostConfig host = Objects.requireNonNullElseGet(command.getHostConfig(), HostConfig::new);
        PortBinding binding = PortBinding.parse("%d:%d".formatted(port, PORT_INSIDE));
        command.withHostConfig(host.withPortBindings(new Ports(binding)));
    }

    /**
     * Most of our settings need a restart, so one restart makes all of them count, and {@code alter system} still wins.
     */
    private void configure() throws SQLException {
        for (Map.Entry<String, String> setting :
                Settings.forTests(spec.settings()).entrySet()) {
            execute("alter system set %s = %s"
                    .formatted(Quoting.setting(setting.getKey()), Quoting.literal(setting.getValue())));
        }
        stopFast();
        start();
    }

    /** Docker does not signal a paused container, so a frozen one is thawed first. */
    private void stop(String signal) {
        if (running()) {
            thaw();
            docker().killContainerCmd(container.getContainerId())
                    .withSignal(signal)
                    .exec();
            await("the container has stopped", () -> !running());
        }
    }

    private boolean paused() {
        return Boolean.TRUE.equals(docker().inspectContainerCmd(container.getContainerId())
                .exec()
                .getState()
                .getPaused());
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    private static void await(String description, Await.Condition condition) {
        try {
            Await.until(description, PATIENCE, condition);
        } catch (InterruptedException e) {
            throw ServerException.interrupted("waiting for a container", e);
        }
    }
}
