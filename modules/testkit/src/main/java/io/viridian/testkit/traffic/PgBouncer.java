package io.viridian.testkit.traffic;

import io.viridian.testkit.Installed;
import io.viridian.testkit.server.FreePort;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.Unprivileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real PgBouncer whose database {@code shop} leads to a server. Everybody may come in, the superuser administers. */
public final class PgBouncer implements AutoCloseable {
    public static final String DATABASE = "shop";

    private final Path file;
    private final int port;
    private final String user;
    private final Program program;

    private PgBouncer(Path file, int port, String user, Program program) {
        this.file = file;
        this.port = port;
        this.user = user;
        this.program = program;
    }

    /** A missing one is a named skip for a user, and a failure in CI. */
    public static void require() {
        Installed.require("pgbouncer");
    }

    /**
     * Starts it.
     *
     * @param more lines of the section {@code [pgbouncer]}
     */
    public static PgBouncer start(Path directory, PostgresServer server, String database, String more)
            throws IOException, InterruptedException {
        int port = FreePort.find();
        Path file = directory.resolve("pgbouncer.ini");
        Path users = directory.resolve("users.txt");
        String user = server.superuser();
        Files.writeString(users, "\"" + user + "\" \"\"\n");
        Files.writeString(
                file, """
                ; written by the test
                [databases]
                %s = host=%s port=%d dbname=%s pool_size=20
                untouched = host=127.0.0.1 port=1 dbname=untouched
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = trust
                auth_file = %s
                admin_users = %s
                ignore_startup_parameters = extra_float_digits
                pool_mode = transaction
                %s
                """.formatted(DATABASE, server.host(), server.port(), database, port, users, user, more));
        List<String> command = new ArrayList<>(Unprivileged.commandPrefix());
        command.addAll(List.of("pgbouncer", file.toString()));
        return new PgBouncer(file, port, user, Program.start(command, directory.resolve("pgbouncer.log"), port));
    }

    /** Its configuration. */
    public Path file() {
        return file;
    }

    public int port() {
        return port;
    }

    /** For clients. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE);
    }

    /** The admin console. */
    public String adminJdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/pgbouncer".formatted(port);
    }

    public String user() {
        return user;
    }

    /** What it has logged. */
    public String log() {
        return program.said();
    }

    /** Of its process. */
    public long pid() {
        return program.pid();
    }

    @Override
    public void close() {
        program.close();
    }
}
