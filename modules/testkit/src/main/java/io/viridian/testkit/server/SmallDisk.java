package io.viridian.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A small file system, which only its server sees, for the databases that are created on that server: when it is full
 * the kernel says so, and nobody else is short of room. The log and whatever belongs to the whole cluster lie outside.
 * What is on it lasts as long as one run of the server. Embedded servers only. One thread.
 */
public final class SmallDisk implements AutoCloseable {
    /** The server takes the place of the shell, as a child that may see the mount. */
    private static final String MOUNT =
            "mount -t tmpfs -o size=\"$1\",mode=0777 tmpfs \"$2\" && shift 2 && exec \"$@\"";

    private static final long MEBIBYTE = 1L << 20;

    private final Path directory;
    private final PostgresServer server;
    private final List<String> fillers = new ArrayList<>();

    private SmallDisk(Path directory, PostgresServer server) {
        this.directory = directory;
        this.server = server;
    }

    /** Whether this machine lets us mount something for one process. */
    public static boolean possible() {
        Path directory = Workplace.newDirectory("small-disk");
        try {
            Files.createDirectories(directory);
            List<String> command = new ArrayList<>(prefix(directory, MEBIBYTE));
            command.add("true");
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException e) {
            throw ServerException.interrupted("trying to mount", e);
        } finally {
            delete(directory);
        }
    }

    /** A server of its own, whose databases all lie on the disk. */
    public static SmallDisk start(ServerRole role, int majorVersion, long bytes) throws SQLException {
        Path directory = Workplace.newDirectory("small-disk");
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerSpec spec = new ServerSpec(role, majorVersion, Map.of(), false);
        PostgresServer server = EmbeddedServer.start(spec, prefix(directory, bytes), EmbeddedBinaries.of(majorVersion));
        SmallDisk disk = new SmallDisk(directory, server);
        try {
            server.execute("create tablespace small location " + Quoting.literal(directory.toString()));
            server.execute("alter database template1 set tablespace small");
            return disk;
        } catch (SQLException | RuntimeException failure) {
            disk.close();
            throw failure;
        }
    }

    private static List<String> prefix(Path directory, long bytes) {
        List<String> command = new ArrayList<>(List.of("unshare", "-m"));
        List<String> inside = Unprivileged.commandPrefix();
        if (inside.isEmpty()) {
            // Who is not root may mount in a user namespace of his own, and leaves root's name for it again.
            command.addAll(List.of("-U", "-r"));
            inside = List.of("unshare", "-U");
        }
        command.addAll(List.of("/bin/sh", "-c", MOUNT, "small-disk", Long.toString(bytes), directory.toString()));
        command.addAll(inside);
        return command;
    }

    public PostgresServer server() {
        return server;
    }

    /** Takes all the room that there is, to the last mebibytes that are to be left. */
    public void fill(int mebibytesLeft) throws SQLException {
        try {
            while (true) {
                String filler = "filler_" + fillers.size();
                server.execute("create table " + filler + " tablespace small as select repeat('x', 1000) as x"
                        + " from generate_series(1, 900)");
                fillers.add(filler);
            }
        } catch (SQLException full) {
            if (!"53100".equals(full.getSQLState())) {
                throw full;
            }
        }
        for (int left = 0; left < mebibytesLeft; left++) {
            server.execute("drop table " + fillers.removeLast());
        }
    }

    /** Gives back what {@link #fill} took. */
    public void makeRoom() throws SQLException {
        while (!fillers.isEmpty()) {
            server.execute("drop table " + fillers.removeLast());
        }
    }

    @Override
    public void close() {
        server.close();
        delete(directory);
    }

    private static void delete(Path directory) {
        try {
            FileTree.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
