package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.testkit.server.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program of that name, with as many jobs as Viridian has workers: rows, then keys, into tables that are there. It
 * runs the installed client programs, so both servers must be no newer than those. For the measuring thread.
 */
final class PgCopyDb {
    static final int SERVERS = 15;

    private static final String PROGRAM = "pgcopydb";
    private static final String JOBS = "2";

    /** As Viridian's chunks. */
    private static final String SPLIT = "64 MB";

    private static final long ANSWERS_WITHIN_SECONDS = 10;

    private final Site site;
    private final Path directory;

    PgCopyDb(Site site, Path directory) {
        this.site = site;
        this.directory = directory;
    }

    /** Whether the program is on the path. */
    static boolean installed() {
        try {
            Process version = new ProcessBuilder(PROGRAM, "version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = version.waitFor(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS);
            version.destroyForcibly();
            return ended && version.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    LoadTimes load() throws InterruptedException {
        Path work = directory.resolve(site.database());
        Path log = directory.resolve(site.database() + ".log");
        List<String> command = List.of(
                PROGRAM,
                "copy",
                "data",
                "--source",
                url(Side.BLUE),
                "--target",
                url(Side.GREEN),
                "--dir",
                work.toString(),
                "--table-jobs",
                JOBS,
                "--index-jobs",
                JOBS,
                "--split-tables-larger-than",
                SPLIT);
        long began = site.patience().clock().nanoTime();
        try {
            Process copy = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!copy.waitFor(site.patience().limit().toSeconds(), TimeUnit.SECONDS)) {
                copy.destroyForcibly();
                throw new BenchFailure(
                        "pgcopydb did not end in " + site.patience().limit());
            }
            Duration whole = site.patience().clock().since(began);
            if (copy.exitValue() != 0) {
                throw new BenchFailure("pgcopydb failed:\n" + Files.readString(log));
            }
            return new LoadTimes(whole, whole);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String url(Side side) {
        PostgresServer server = site.server(side);
        return "postgresql://%s@%s:%d/%s".formatted(server.superuser(), server.host(), server.port(), site.database());
    }
}
