package io.viridian.daemon.engine;

import io.viridian.control.MigrationControl;
import io.viridian.daemon.config.ConnectionSettings;
import io.viridian.daemon.config.Settings;
import io.viridian.fault.Failpoints;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Conductor;
import io.viridian.migration.Journal;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.OperationDesk;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.replication.canary.ConflictCount;
import io.viridian.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon of one migration: lock, conductor, surfaces' control. Started once, stopped once. {@link #control} serves
 * any thread from the start on.
 */
public final class ViridianDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViridianDaemon.class);

    private final EngineParts parts;
    private final OperationDesk desk;
    private final LiveMigration migration;
    private final DaemonLock lock;
    private final EndedMeanwhile ended;
    private final Watch watch;

    /** On its own, because a blue that is down has everybody wait who asks it. */
    private final Watch greenWatch;

    /** The same where green is down. */
    private final Watch blueWatch;

    private final Thread thread;
    private volatile @Nullable Conductor conductor;
    private volatile @Nullable ControlDesk control;
    private volatile boolean lockLost;

    /** A daemon with these settings; nothing is touched before {@link #start}. */
    public ViridianDaemon(Settings settings, Failpoints failpoints, Clock clock) {
        this(parts(settings, failpoints, clock));
    }

    /**
     * A daemon that leads on what blue and green say, because the journal's database does not answer. It can go back
     * where a switch has happened, and refuses to start anywhere else.
     */
    public static ViridianDaemon withoutJournal(Settings settings, Failpoints failpoints, Clock clock) {
        return new ViridianDaemon(parts(settings, failpoints, clock).withJournalOnBlue());
    }

    private ViridianDaemon(EngineParts parts) {
        this.parts = parts;
        this.desk = new OperationDesk(parts.clock());
        Happenings happenings = new Happenings(parts.clock());
        this.migration = new LiveMigration(parts, desk, happenings);
        this.lock = new DaemonLock(parts.blue(), parts.green(), parts.migration(), migration::replaced, this::lost);
        this.ended = new EndedMeanwhile(parts);
        this.watch =
                new Watch("viridian-watch", () -> migration.lookAround(leading().state()), parts.clock());
        this.greenWatch = new Watch(
                "viridian-watch-green", () -> migration.lookAfterGreen(leading().state()), parts.clock());
        this.blueWatch = new Watch(
                "viridian-watch-blue",
                () -> migration.blueKeeper().look(leading().state()),
                parts.clock());
        this.thread = Thread.ofPlatform().name("viridian-conductor").unstarted(this::conduct);
    }

    /** The parts that commands without a daemon work with, too. */
    public static EngineParts parts(Settings settings, Failpoints failpoints, Clock clock) {
        Database blue = database(Side.BLUE, settings.blue(), settings.migration());
        Database green = database(Side.GREEN, settings.green(), settings.migration());
        Database journal = settings.journal()
                .map(one -> database(Side.BLUE, one, settings.migration()))
                .orElse(blue);
        return new EngineParts(settings, blue, green, journal, failpoints, clock);
    }

    private static Database database(Side side, ConnectionSettings settings, String migration) {
        return new Database(
                new Endpoint(side, settings.jdbcUrl(), settings.driverPropertiesWithSecrets()),
                "viridian " + migration);
    }

    /**
     * Stands by until no other daemon leads, and takes the lock then; {@link #start} follows.
     *
     * @param stopped asked all the time
     * @param waitsFor told who leads, or why that is not known, at every look
     * @return false when stopped
     * @throws io.viridian.fault.FaultException with USAGE when the migration ended meanwhile
     */
    public boolean awaitTurn(BooleanSupplier stopped, Consumer<String> waitsFor) throws InterruptedException {
        return lock.awaitTurn(stopped, leader -> {
            ended.look();
            waitsFor.accept(leader);
        });
    }

    /**
     * Takes the lock, reads the journal and begins to work. May be called again after it threw.
     *
     * @throws io.viridian.fault.FaultException with HELD_BY_ANOTHER, or when a side cannot be reached or refuses us
     */
    public void start() throws InterruptedException {
        takeLock();
        ended.look();
        if (parts.interim()) {
            WithoutJournal.begin(parts);
        }
        Optional<Journal> journal = migration.resume();
        Optional<MigrationState> ended = journal.isPresent()
                ? Optional.empty()
                : Tombstone.read(parts.settings().migrationDir(), parts.migration());
        Conductor leading =
                new Conductor(migration, journal, ended, desk, migration::entered, parts.failpoints(), parts.clock());
        conductor = leading;
        ControlDesk desks = new ControlDesk(migration, desk, leading, parts.clock());
        control = desks;
        migration.leadsBackBy(reason -> desks.submit(
                new MigrationControl.Request(Operation.Type.ROLLBACK, Map.of(), reason, HealthWatch.NAME, "")));
        thread.start();
        watch.start();
        greenWatch.start();
        blueWatch.start();
    }

    private void takeLock() throws InterruptedException {
        try {
            lock.take();
        } catch (FaultException failure) {
            lookAfterWhoServes(failure.code());
            throw failure;
        }
    }

    /** While a side is down nobody leads, and the other one goes on serving: its disk is looked after. */
    private void lookAfterWhoServes(FaultCode why) throws InterruptedException {
        try {
            if (why == FaultCode.BLUE_UNREACHABLE && lock.holds(Side.GREEN)) {
                migration.wayBack().lookWithoutBlue();
            } else if (why == FaultCode.GREEN_UNREACHABLE) {
                lock.alone(parts.blue(), migration.blueKeeper()::lookWithoutGreen);
            }
        } catch (FaultException unanswered) {
            // Why nobody can lead is what is told.
            LOG.debug("the other side could not be looked after: {}", unanswered.getMessage());
        }
    }

    private void conduct() {
        try {
            leading().run();
        } catch (Error death) {
            LOG.error("the conductor died", death);
            throw death;
        }
    }

    private void lost() {
        lockLost = true;
        Conductor leading = conductor;
        if (leading != null) {
            leading.stop();
        }
    }

    private Conductor leading() {
        Conductor leading = conductor;
        if (leading == null) {
            throw new IllegalStateException("the daemon is not started");
        }
        return leading;
    }

    public MigrationControl control() {
        ControlDesk desk = control;
        if (desk == null) {
            throw new IllegalStateException("the daemon is not started");
        }
        return desk;
    }

    public MigrationState state() {
        return leading().state();
    }

    /** Why the daemon does no more although nobody stopped it, or empty. */
    public Optional<io.viridian.fault.Fault> gaveUp() {
        Conductor leading = leading();
        return thread.isAlive() || leading.state() instanceof MigrationState.Final
                ? Optional.empty()
                : leading.retrying();
    }

    /** Whether another daemon took over while this one was away. */
    public boolean lockLost() {
        return lockLost;
    }

    /** What is missing for the work to go on; empty when nothing is. */
    public Optional<String> missing() {
        return conductor == null
                ? Optional.of("starting")
                : leading().retrying().map(fault -> fault.sentence());
    }

    /** For metrics: the lane of a direction. */
    public Optional<io.viridian.feed.LaneStatus> lane(Direction direction) {
        return migration.lane(direction).map(lane -> lane.status());
    }

    /** For metrics: when the way back has been kept as long as was asked for. */
    public Optional<Instant> wayBackKeptUntil() {
        return migration.wayBack().keptUntil();
    }

    /** For metrics: what the tightest sequence has left. */
    public OptionalDouble sequencesLeft() {
        return migration.gateWatch().sequencesLeft();
    }

    /** For metrics: what was settled while both sides were writable. */
    public Map<ConflictCount, Long> conflicts() {
        return migration.shared().map(Canary::counts).orElse(Map.of());
    }

    /** For metrics: our slot on a side when it was last read. */
    public Optional<io.viridian.postgres.slot.SlotState> slot(Side side) {
        return migration.sources().slot(side);
    }

    /** For metrics: what the closed guard of a side had refused when it was last asked. */
    public java.util.OptionalLong refused(Side side) {
        return migration.closedSide().refused(side);
    }

    public Settings settings() {
        return parts.settings();
    }

    /** Waits until the conductor has nothing more to do. */
    public void awaitEnd() throws InterruptedException {
        thread.join();
    }

    public boolean working() {
        return thread.isAlive();
    }

    /**
     * Dies: every connection ends at once, nothing is said to any server, no step is finished. For tests, which let it
     * happen at every {@link io.viridian.fault.CrashPoint}.
     */
    public void die() {
        parts.blue().sever();
        parts.green().sever();
        parts.journalDatabase().sever();
    }

    /** Stops working; the migration stays where it is and goes on at the next start. */
    @Override
    public void close() {
        Conductor leading = conductor;
        if (leading != null) {
            leading.stop();
        }
        watch.close();
        greenWatch.close();
        blueWatch.close();
        try {
            if (thread.isAlive()) {
                thread.join(15_000);
            }
            migration.stop();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        lock.close();
        parts.close();
    }
}
