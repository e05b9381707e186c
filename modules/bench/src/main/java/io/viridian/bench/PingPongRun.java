package io.viridian.bench;

import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/** Measures {@code scripts/bench pingpong}, writes it down, and tells. One thread. */
final class PingPongRun {
    /** A hundred times what a switch with its verification takes. */
    private static final Duration STEP_WITHIN = Duration.ofMinutes(5);

    private final PingPongSettings settings;
    private final Progress progress;
    private final Patience patience;

    PingPongRun(PingPongSettings settings, PrintStream out, Clock clock) {
        this.settings = settings;
        this.progress = new Progress(out, clock);
        this.patience = new Patience(clock, progress, STEP_WITHIN);
    }

    /** @throws BenchFailure too, once everything is written down, when a client was refused or a promise was broken */
    void run(ServerPair servers) throws SQLException, InterruptedException {
        Path directory = Disk.newDirectory();
        try {
            PingPong measured = new PingPongBench(servers, settings, directory, progress, patience).measure();
            Disk.write(settings.results(), ResultsFile.write(measured));
        } finally {
            Disk.remove(directory);
        }
        show();
    }

    /** Makes table and page from the file. */
    void show() {
        PingPong measured = ResultsFile.read(Disk.read(settings.results()), PingPong.class);
        progress.plain("\n" + PingPongPage.pauses(measured).text());
        progress.plain("\n" + PingPongPage.ledger(measured).text());
        Path page = settings.docs().resolve("pauses.md");
        Disk.write(page, PingPongPage.of(measured));
        progress.plain("\n%s; PostgreSQL %s\n%s and %s"
                .formatted(measured.machine().words(), measured.postgres(), settings.results(), page));
        if (!measured.flawless()) {
            throw new BenchFailure("not every client was served, or not every promise was kept: " + measured);
        }
    }
}
