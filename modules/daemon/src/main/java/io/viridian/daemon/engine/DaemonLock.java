package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon per migration: session-level advisory locks on both sides, green first (manual 14-18, section 13.3.5).
 * They avoid wasted work; safety comes from the epochs in the progress and ownership rows. A lock lost with its
 * connection is taken again; when somebody else has it by then, this daemon stops.
 */
final class DaemonLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonLock.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration TAKE_OVER_WITHIN = Duration.ofSeconds(5);

    private final Database blue;
    private final Database green;
    private final String migration;
    private final Runnable onLost;
    private final Map<Side, Session> held = new EnumMap<>(Side.class);
    private final Waiter waiter = new Waiter();
    private final Thread keeper;
    private volatile boolean closing;

    DaemonLock(Database blue, Database green, String migration, Runnable onLost) {
        this.blue = blue;
        this.green = green;
        this.migration = migration;
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

    private void lock(Database database) throws InterruptedException {
        long waited = 0;
        while (true) {
            Session session = database.open("lock");
            boolean taken = session.one(
                    "select pg_try_advisory_lock(hashtextextended(?, 0))",
                    row -> row.truth(1),
                    "viridian " + migration);
            if (taken) {
                held.put(database.side(), session);
                return;
            }
            String holder = holder(session);
            session.close();
            if (waited >= TAKE_OVER_WITHIN.toMillis()) {
                throw Fault.about(
                                FaultCode.HELD_BY_ANOTHER,
                                migration,
                                "migration " + migration + " is held on "
                                        + database.side().text() + " by " + holder)
                        .asException();
            }
            waiter.await(Duration.ofMillis(100));
            waited += 100;
        }
    }

    private String holder(Session session) {
        return session.first("""
                        select a.application_name || ' from ' || coalesce(host(a.client_addr), 'this host') || ', process '
                               || a.pid || ', since ' || a.backend_start
                        from pg_locks l join pg_stat_activity a on a.pid = l.pid
                        where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
                          and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(?, 0)
                        """, row -> row.text(1), "viridian " + migration).orElse("a session that is just ending");
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

    private void again(Database database, @org.jspecify.annotations.Nullable Session dead) throws InterruptedException {
        if (dead != null) {
            dead.abort();
            held.remove(database.side());
        }
        try {
            lock(database);
            LOG.info(
                    "took the lock on {} again after its connection was lost",
                    database.side().text());
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
