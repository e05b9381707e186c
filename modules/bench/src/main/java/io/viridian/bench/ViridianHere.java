package io.viridian.bench;

import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationEvent;
import io.viridian.control.MigrationView;
import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.ConfigurationSources;
import io.viridian.daemon.config.Settings;
import io.viridian.daemon.engine.ViridianDaemon;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultException;
import io.viridian.migration.Gate;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The daemon in this process, with the defaults of its configuration. */
final class ViridianHere implements Follower {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /** More than a migration without an operator has. */
    private static final int EVENTS = 1_000;

    /** For gates that look at the last seconds. */
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private static final int ATTEMPTS = 60;

    private final Patience patience;
    private final Settings settings;
    private final Path configuration;
    private @Nullable ViridianDaemon current;

    /** @param directory of this migration alone; the configuration is written into it */
    ViridianHere(Site site, Shape shape, Path directory) {
        this(site, shape, directory, "");
    }

    /** One whose configuration serves a process of its own too. */
    static ViridianHere onAnyPort(Site site, Path directory) {
        return new ViridianHere(site, Shape.SAME, directory, "http:\n  listen: 127.0.0.1:0\n");
    }

    /** One that reads the log by this capture engine. */
    static ViridianHere readBy(String engine, Site site, Path directory) {
        return new ViridianHere(site, Shape.SAME, directory, "capture:\n  engine: %s\n".formatted(engine));
    }

    /** One whose clients find the side that takes writes by themselves, and that may switch as soon as all is well. */
    static ViridianHere thatSwitches(Site site, Path directory) {
        return new ViridianHere(site, Shape.SAME, directory, """
                cutover:
                  stable-for: 1s
                  write-pause-budget: 10s
                  traffic:
                    - clients: {}
                """);
    }

    /** One that copies every table in ranges of its key, however small. */
    static ViridianHere inRanges(Site site, Path directory) {
        return new ViridianHere(site, Shape.SAME, directory, """
                backfill:
                  whole-table-up-to: 0B
                """);
    }

    private ViridianHere(Site site, Shape shape, Path directory, String more) {
        this(
                site.patience(),
                directory,
                site.database().replace('_', '-'),
                site.server(Side.BLUE).url(site.database()),
                site.server(Side.GREEN).url(site.database()),
                mapped(shape.mapping(site.volume()), directory) + more);
    }

    /**
     * One for databases of any kind.
     *
     * @param directory of this migration alone; the configuration is written into it
     * @param more lines of the configuration
     */
    ViridianHere(Patience patience, Path directory, String migration, String blue, String green, String more) {
        this.patience = patience;
        this.configuration = directory.resolve("viridian.yaml");
        Disk.write(configuration, """
                migration: %s
                blue:
                  url: %s
                green:
                  url: %s
                state-dir: state
                """.formatted(migration, blue, green) + more);
        this.settings = ConfigurationLoader.load(new ConfigurationSources(
                        Optional.of(configuration), Map.of(), Map.of(), directory, directory, true))
                .settings();
    }

    private static String mapped(Optional<String> mapping, Path directory) {
        mapping.ifPresent(text -> Disk.write(directory.resolve("mapping.yaml"), text));
        return mapping.isPresent() ? "mapping: mapping.yaml\n" : "";
    }

    /** The file that it was given. */
    Path configuration() {
        return configuration;
    }

    @Override
    public LoadTimes load() throws SQLException, InterruptedException {
        resume();
        await(StateName.READY);
        return loaded();
    }

    /** Goes on as soon as the daemon is seen in that state or in a later one on the way to it. */
    void await(StateName state) throws SQLException, InterruptedException {
        patience.until("Viridian is " + state, LOOK_EVERY, () -> {
            demandWell();
            return StateName.of(daemon().state()).compareTo(state) >= 0;
        });
    }

    /** How long the load took that is done. */
    LoadTimes loaded() {
        List<MigrationEvent> events = daemon().control().events(0, EVENTS);
        Instant entered = moment(events, "state.changed", StateName.BACKFILLING.name());
        return new LoadTimes(
                Duration.between(entered, moment(events, "state.changed", StateName.CATCHING_UP.name())),
                Duration.between(entered, moment(events, "backfill.copied", "")));
    }

    private static Instant moment(List<MigrationEvent> events, String type, String text) {
        return events.stream()
                .filter(event -> event.type().equals(type) && event.text().startsWith(text))
                .findFirst()
                .orElseThrow(() -> new BenchFailure("the daemon tells no event " + type + " " + text))
                .at();
    }

    /** A full verification; how long it took by its own account. */
    Duration verify() throws SQLException, InterruptedException {
        Operation ended = done(Operation.Type.VERIFY);
        if (ended.status() != Operation.Status.SUCCEEDED
                || !"true".equals(ended.result().get("clean"))) {
            throw new BenchFailure("the verification ended with " + ended);
        }
        return Duration.ofMillis(Long.parseLong(ended.result().getOrDefault("took_ms", "")));
    }

    /**
     * A cutover or rollback, asked for again while a gate is closed or the attempt is undone.
     *
     * @param beforeEach runs right before each attempt, and is told how many there were before
     * @return how many attempts led to nothing
     */
    int change(Operation.Type type, IntConsumer beforeEach) throws SQLException, InterruptedException {
        List<String> refusals = new ArrayList<>();
        patience.until("the sides are switched", BETWEEN_ATTEMPTS, () -> {
            demandWell();
            beforeEach.accept(refusals.size());
            Operation ended = doneNow(type);
            if (ended.status() != Operation.Status.SUCCEEDED) {
                refusals.add(String.valueOf(ended.result()));
                if (refusals.size() > ATTEMPTS) {
                    throw new BenchFailure("%s was refused %d times: %s".formatted(type, ATTEMPTS, refusals));
                }
                return false;
            }
            return true;
        });
        return refusals.size();
    }

    /** Whether every gate of the next switch lets pass now. */
    boolean admits() {
        return daemon().control().gates().stream().allMatch(Gate::letsPass);
    }

    private Operation doneNow(Operation.Type type) throws SQLException {
        try {
            return done(type);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", stopped);
        }
    }

    private Operation done(Operation.Type type) throws SQLException, InterruptedException {
        MigrationControl control = daemon().control();
        Operation asked = control.submit(new MigrationControl.Request(type, Map.of(), "measured", "bench", ""));
        patience.until(
                "the operation " + type.text() + " has ended",
                LOOK_EVERY,
                () -> control.operation(asked.id())
                        .filter(operation -> operation.status().isFinal())
                        .isPresent());
        return control.operation(asked.id()).orElseThrow();
    }

    @Override
    public void demandWell() {
        ViridianDaemon daemon = daemon();
        StateName state = StateName.of(daemon.state());
        Optional<String> trouble = state == StateName.HALTED
                ? daemon.control().view().fault().map(MigrationView.FaultView::toString)
                : daemon.gaveUp().map(Fault::sentence);
        if (trouble.isPresent() || daemon.lockLost()) {
            throw new BenchFailure("Viridian does not go on in " + state + ": " + trouble.orElse("its lock is lost"));
        }
    }

    @Override
    public void pause() {
        close();
    }

    @Override
    public void resume() throws InterruptedException {
        ViridianDaemon started = new ViridianDaemon(settings, Failpoints.NONE, patience.clock());
        current = started;
        try {
            started.start();
        } catch (FaultException refused) {
            throw new BenchFailure("Viridian does not start: " + refused.getMessage(), refused);
        }
    }

    /** Waits, without a question to the servers, until green has everything before that position of blue's log. */
    void awaitApplied(Lsn position) throws SQLException, InterruptedException {
        patience.until("green has everything before " + position, LOOK_EVERY, () -> {
            demandWell();
            return daemon().lane(Direction.FORWARD)
                    .filter(lane -> lane.applied().compareTo(position) >= 0)
                    .isPresent();
        });
    }

    @Override
    public Optional<Double> shownLag() {
        return daemon().control().view().lag().seconds();
    }

    private ViridianDaemon daemon() {
        ViridianDaemon daemon = current;
        if (daemon == null) {
            throw new IllegalStateException("the daemon is not started");
        }
        return daemon;
    }

    @Override
    public void close() {
        ViridianDaemon daemon = current;
        if (daemon != null) {
            daemon.close();
            current = null;
        }
    }
}
