package io.viridian.testkit.traffic;

import io.viridian.testkit.Installed;
import io.viridian.testkit.server.FreePort;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real HAProxy in front of two servers. */
public final class HaProxy implements AutoCloseable {
    private final Path socket;
    private final int port;
    private final Program program;

    private HaProxy(Path socket, int port, Program program) {
        this.socket = socket;
        this.port = port;
        this.program = program;
    }

    /** A missing one is a named skip for a user, and a failure in CI. */
    public static void require() {
        Installed.require("haproxy");
    }

    /**
     * Starts it, leading to blue: a backend {@code shop} with the servers {@code blue} and {@code green}, and one
     * called {@code other} without them.
     *
     * @param level of the runtime socket: {@code admin}, or less than that
     */
    public static HaProxy start(Path directory, ServerPair servers, String level)
            throws IOException, InterruptedException {
        int port = FreePort.find();
        Path socket = directory.resolve("haproxy.sock");
        Path configuration = directory.resolve("haproxy.cfg");
        String blue = address(servers.blue());
        Files.writeString(configuration, """
                global
                    stats socket %s mode 600 level %s
                defaults
                    mode tcp
                    timeout connect 5s
                    timeout client 1m
                    timeout server 1m
                frontend shop_in
                    bind 127.0.0.1:%d
                    default_backend shop
                backend shop
                    server blue %s
                    server green %s disabled
                backend other
                    server one %s
                """.formatted(socket, level, port, blue, address(servers.green()), blue));
        return new HaProxy(
                socket,
                port,
                Program.start(
                        List.of("haproxy", "-db", "-f", configuration.toString()),
                        directory.resolve("haproxy.log"),
                        port));
    }

    private static String address(PostgresServer server) {
        return server.host() + ":" + server.port();
    }

    public Path socket() {
        return socket;
    }

    /** For clients. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        program.close();
    }
}
