package io.viridian.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves the transaction ids of a server on, without the years that it would take to use them up: the server stops, and
 * its next id is set. More than two thousand million at once would make the past the future, so it goes in steps, and
 * before each every row of every database is frozen. One thread.
 */
public final class TransactionIds {
    /** The 32 bits of an id begin anew here. */
    public static final long TURN = 1L << 32;

    private static final long STEP_MOST = 1_500_000_000L;

    /** Of the log of commits: a server looks into it when it starts, and finds there what nobody has used. */
    private static final long IDS_IN_A_SEGMENT = 1L << 20;

    private static final int BYTES_OF_A_SEGMENT = 1 << 18;

    private TransactionIds() {}

    /**
     * Restarts the server some times.
     *
     * @param next the id that the server gives out next; less than {@link #TURN}
     * @param resetwal pg_resetwal of the server's version
     */
    public static void moveTo(PostgresServer server, long next, Path resetwal) throws SQLException {
        server.execute("alter database template0 allow_connections true");
        for (long at = Math.min(STEP_MOST, next); ; at = Math.min(at + STEP_MOST, next)) {
            freeze(server);
            server.stopFast();
            try {
                set(server.dataDirectory(), at, resetwal);
            } finally {
                server.start();
            }
            if (at == next) {
                break;
            }
        }
        server.execute("alter database template0 allow_connections false");
    }

    private static void freeze(PostgresServer server) throws SQLException {
        for (String database : List.of("template0", "template1", "postgres")) {
            try (Connection connection = server.connect(database);
                    Statement statement = connection.createStatement()) {
                statement.execute("vacuum (freeze)");
            }
        }
    }

    private static void set(Path dataDirectory, long next, Path resetwal) {
        List<String> command = new ArrayList<>(Unprivileged.commandPrefix());
        command.addAll(List.of(resetwal.toString(), "-x", Long.toString(next), "-D", dataDirectory.toString()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ServerException("pg_resetwal failed: " + said);
            }
            Path segment = dataDirectory.resolve("pg_xact").resolve("%04X".formatted(next / IDS_IN_A_SEGMENT));
            Files.write(segment, new byte[BYTES_OF_A_SEGMENT]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw ServerException.interrupted("setting transaction ids", e);
        }
    }
}
