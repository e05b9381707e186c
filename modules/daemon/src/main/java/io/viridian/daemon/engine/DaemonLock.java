package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon per migration: session-level advisory locks on both sides, green first (manual 14-18, section 13.3.5).
 * They avoid wasted work; safety comes from the epochs in the progress and ownership rows. A lock lost with its
 * connection is taken again; when somebody else has it by then, this daemon stops. A standby waits for them, and does
 * not wait for a holder that stands still.
 */
final class DaemonLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonLock.class);

    /** Also how often the server sees that the holder lives. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final Duration TAKE_OVER_WITHIN = Duration.ofSeconds(5);
    private static final Duration STANDBY_LOOKS_EVERY = Duration.ofMillis(250);

    /** Several times what a holder at work stays silent, and short enough for a standby to lead within ten seconds. */
    private static final Duration SILENT_MOST = Duration.ofSeconds(6);

    private final Database blue;
    private final Database green;
    private final String migration;
    private final BooleanSupplier replaced;
    private final Runnable onLost;
    private final Map<Side, Session> held = new EnumMap<>(Side.class);
    private final Waiter waiter = new Waiter();
    private final Thread keeper;
    private volatile boolean closing;

    /**
     * Locks that are not taken yet.
     *
     * @param replaced whether another daemon has led since this one began; asked when a lock was lost and is there
     *     again
     * @param onLost told when this daemon must stop
     */
    DaemonLock(Database blue, Database green, String migration, BooleanSupplier replaced, Runnable onLost) {
        this.blue = blue;
        this.green = green;
        this.migration = migration;
        this.replaced = replaced;
        this.onLost = onLost;
        this.keeper = Thread.ofPlatform().name("viridian-lock").daemon(true).unstarted(this::keep);
    }

    /**
     * Takes both locks; a daemon that has just died may still hold them for a moment. May be called again after it
     * threw.
     *
     * @throws FaultException with HELD_BY_ANOTHER, naming the holder
     */
    void take() throws InterruptedException {
        for (Database database : new Database[] {green, blue}) {
            if (!held.containsKey(database.side())) {
                lock(database);
            }
        }
        if (keeper.getState() == Thread.State.NEW) {
            keeper.start();
        }
    }

    /** Whether this daemon has the lock on a side, as far as it knows. */
    boolean holds(Side side) {
        return held.containsKey(side);
    }

    /**
     * Does something under the lock on one side, while the other side does not answer and nobody can lead; nothing when
     * somebody else holds it.
     */
    void alone(Database database, Alone work) throws InterruptedException {
        if (held.containsKey(database.side())) {
            work.run();
            return;
        }
        try (Session session = database.open("lock")) {
            if (LockHolder.unlessTaken(session, key()).isEmpty()) {
                work.run();
            }
        }
    }

    /** What is done under one lock. */
    interface Alone {
        void run() throws InterruptedException;
    }

    private void lock(Database database) throws InterruptedException {
        long waited = 0;
        while (true) {
            Optional<LockHolder> holder = unlessTaken(database);
            if (holder.isEmpty()) {
                return;
            }
            if (waited >= TAKE_OVER_WITHIN.toMillis()) {
                throw Fault.about(FaultCode.HELD_BY_ANOTHER, migration, heldBy(database, holder.get()))
                        .asException();
            }
            waiter.await(Duration.ofMillis(100));
            waited += 100;
        }
    }

    private String heldBy(Database database, LockHolder holder) {
        return "migration " + migration + " is held on " + database.side().text() + " by " + holder.words();
    }

    private Optional<LockHolder> unlessTaken(Database database) {
        Session session = database.open("lock");
        boolean taken = false;
        try {
            Optional<LockHolder> holder = LockHolder.unlessTaken(session, key());
            taken = holder.isEmpty();
            if (taken) {
                held.put(database.side(), session);
            }
            return holder;
        } finally {
            if (!taken) {
                session.close();
            }
        }
    }

    private String key() {
        return "viridian " + migration;
    }

    /**
     * Waits as a standby until both locks are free, and takes them. A holder that stands still, or whose connection its
     * server takes for alive in vain, is pushed out: its sessions end, and with them whatever they hold. Should it wake
     * up, its epoch is over.
     *
     * @param stopped asked all the time
     * @param waitsFor told who holds them, or why that is not known, at every look
     * @return false when stopped
     */
    boolean awaitTurn(BooleanSupplier stopped, Consumer<String> waitsFor) throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            Optional<String> inTheWay = inTheWay();
            if (inTheWay.isEmpty()) {
                return true;
            }
            waitsFor.accept(inTheWay.get());
            waiter.await(STANDBY_LOOKS_EVERY);
        }
        return false;
    }

    private Optional<String> inTheWay() {
        try {
            for (Database database : new Database[] {green, blue}) {
                Session mine = held.get(database.side());
                if (mine != null && mine.alive()) {
                    continue;
                }
                forget(database, mine);
                Optional<LockHolder> holder = unlessTaken(database);
                if (holder.isPresent()) {
                    pushOutIfSilent(database, holder.get());
                    return Optional.of(heldBy(database, holder.get()));
                }
            }
            return Optional.empty();
        } catch (FaultException unreachable) {
            return Optional.of(unreachable.fault().sentence());
        }
    }

    private void pushOutIfSilent(Database database, LockHolder holder) {
        if (holder.silent().compareTo(SILENT_MOST) < 0) {
            return;
        }
        try (Session session = database.open("take-over")) {
            long ended = LockHolder.pushOut(
                    session,
                    database.applicationName(),
                    LaneSettings.slotOf(migration, Direction.FORWARD),
                    LaneSettings.slotOf(migration, Direction.REVERSE));
            LOG.warn(
                    "{}, and it has asked nothing for {} ms: its {} sessions are ended",
                    heldBy(database, holder),
                    holder.silent().toMillis(),
                    ended);
        }
    }

    private void forget(Database database, @Nullable Session dead) {
        if (dead != null) {
            dead.abort();
            held.remove(database.side());
        }
    }

    private void keep() {
        while (!closing) {
            try {
                waiter.await(LOOK_EVERY);
                for (Database database : new Database[] {green, blue}) {
                    Session session = held.get(database.side());
                    if (!closing && (session == null || !session.alive())) {
                        again(database, session);
                    }
                }
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private void again(Database database, @Nullable Session dead) throws InterruptedException {
        forget(database, dead);
        try {
            lock(database);
            LOG.info(
                    "took the lock on {} again after its connection was lost",
                    database.side().text());
            if (replaced.getAsBoolean()) {
                LOG.error("another daemon has led {} meanwhile, and is gone; this daemon stops", migration);
                onLost.run();
                closing = true;
            }
        } catch (FaultException failure) {
            if (failure.code() == FaultCode.HELD_BY_ANOTHER) {
                LOG.error("{}; this daemon stops", failure.fault().sentence());
                onLost.run();
                closing = true;
            } else {
                LOG.debug("cannot take the lock yet: {}", failure.fault().sentence());
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        waiter.wake();
        keeper.interrupt();
        try {
            if (keeper.isAlive()) {
                keeper.join(5_000);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        held.values().forEach(Session::close);
        held.clear();
    }
}
