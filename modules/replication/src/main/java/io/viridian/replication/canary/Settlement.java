package io.viridian.replication.canary;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.RowKey;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.WriterSettings;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction on either side while nobody writes the tables in question on any, nor those that foreign keys tie them
 * to. What goes is overwritten, and the conflict kept with both images, in the transaction of the side where it goes;
 * the other side has nothing to write. One thread.
 */
final class Settlement implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /** Writers queue behind a lock that is asked for. */
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '500ms'";

    private static final String IN_USE = "55006";
    private static final int LOCK_ATTEMPTS = 20;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

    private final CanaryParts parts;
    private final Map<Side, Session> sessions = new EnumMap<>(Side.class);
    private final Set<Side> written = EnumSet.noneOf(Side.class);

    private Settlement(CanaryParts parts) {
        this.parts = parts;
    }

    /** Locks the tables of these rows against writers on both sides. */
    static Settlement behindLocks(CanaryParts parts, Set<RowKey> rows) {
        Settlement settlement = new Settlement(parts);
        try {
            for (Side side : Side.values()) {
                settlement.open(side);
            }
            settlement.lock(rows);
            return settlement;
        } catch (RuntimeException failure) {
            settlement.close();
            throw failure;
        }
    }

    private void open(Side side) {
        Session session = parts.on(side).open("settling");
        sessions.put(side, session);
        WriterSettings.apply(session, parts.migration());
        try {
            session.list(
                    "select pg_replication_origin_session_setup(?)",
                    row -> 1,
                    LaneSettings.settlingOriginOf(parts.migration()));
        } catch (FaultException refused) {
            throw refused.fault().sqlState().equals(IN_USE) ? stillInUse(side, refused) : refused;
        }
    }

    /** A session that the network cut off may live on for a while on the server. */
    private static FaultException stillInUse(Side side, FaultException refused) {
        return new Fault(
                        side == Side.BLUE ? FaultCode.BLUE_BUSY : FaultCode.GREEN_BUSY,
                        refused.fault().detail(),
                        refused.fault().object(),
                        IN_USE)
                .asException(refused);
    }

    Session on(Side side) {
        Session session = sessions.get(side);
        if (session == null) {
            throw new IllegalStateException("no session on " + side);
        }
        return session;
    }

    private void lock(Set<RowKey> rows) {
        Waiter waiter = new Waiter();
        for (int attempt = 1; ; attempt++) {
            try {
                for (Side side : List.of(Side.GREEN, Side.BLUE)) {
                    Session session = on(side);
                    session.begin();
                    session.execute(LOCK_TIMEOUT);
                    session.execute("lock table " + tables(side, rows) + " in share row exclusive mode");
                    requireOurs(session);
                }
                return;
            } catch (FaultException busy) {
                sessions.values().forEach(Session::rollback);
                boolean patient = busy.code() == FaultCode.BLUE_BUSY || busy.code() == FaultCode.GREEN_BUSY;
                if (!patient || attempt >= LOCK_ATTEMPTS) {
                    throw busy;
                }
            }
            try {
                waiter.await(BETWEEN_ATTEMPTS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw Fault.of(FaultCode.STREAM_BROKEN, "settling was broken off")
                        .asException(stopped);
            }
        }
    }

    /** What becomes of these rows may decide about those that refer to them, and to which they refer. */
    private String tables(Side side, Set<RowKey> rows) {
        Set<TableName> tied =
                parts.ties().connected(rows.stream().map(RowKey::table).collect(Collectors.toSet()));
        return tied.stream()
                .map(table -> parts.pair(table).on(side).sql())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** A daemon that was replaced settles nothing. */
    private void requireOurs(Session session) {
        boolean ours = session.first(
                        "select 1 from viridian.progress where migration = ? and epoch = ? for share",
                        row -> true,
                        parts.migration(),
                        parts.daemonEpoch())
                .isPresent();
        if (!ours) {
            throw Fault.about(
                            FaultCode.HELD_BY_ANOTHER,
                            parts.migration(),
                            "another daemon has taken over; this one settles nothing any more")
                    .asException();
        }
    }

    /** Writes on that side, by an origin of its own so that nobody leads it on; {@link #commit} follows. */
    Session writing(Side side) {
        written.add(side);
        return on(side);
    }

    /** Each side's own, one after the other: what is not committed when the daemon dies is still contested. */
    void commit() {
        parts.failpoints().pass(CrashPoint.CANARY_BEFORE_SETTLING);
        for (Side side : written) {
            on(side).commit();
            parts.failpoints().pass(CrashPoint.CANARY_SETTLED);
        }
    }

    @Override
    public void close() {
        for (Session session : sessions.values()) {
            session.rollback();
            letGo(session);
            session.close();
        }
    }

    /** The server ends a session only some time after it was closed, and until then nobody else may use its origin. */
    private static void letGo(Session session) {
        try {
            session.execute(
                    "do $$ begin perform pg_replication_origin_session_reset(); exception when others then null; end $$");
        } catch (FaultException gone) {
            LOG.debug("the session was gone already", gone);
        }
    }
}
