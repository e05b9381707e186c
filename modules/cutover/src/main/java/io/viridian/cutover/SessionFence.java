package io.viridian.cutover;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Marker;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.time.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable fence of a side on which no trigger of ours is allowed ({@link Closing#SESSIONS}). The deciding commit,
 * on a session beside the one that holds the locks, makes new sessions read-only. Those of before are ended while the
 * locks are held still, and only then may the other side open.
 *
 * <p>Nothing is changed before the deciding commit, so a death up to there leaves the side writable. After a death
 * behind it, or with the locks lost otherwise, sessions of before may have written until they were ended: what they
 * wrote, or have prepared, is drained once more before the other side opens. Stateless; the conductor's thread.
 */
final class SessionFence {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFence.class);

    /** Setting it on the database takes its owner, ending sessions of others and seeing all of them two roles. */
    private static final String MISSING = """
            select need from (values
                ('own the database', (select pg_has_role(datdba, 'usage') from pg_database
                                      where datname = current_database())),
                ('be a member of pg_signal_backend', pg_has_role('pg_signal_backend', 'usage')),
                ('be a member of pg_read_all_stats', pg_has_role('pg_read_all_stats', 'usage'))) as of_role(need, there)
            where not there
            """;

    /** A role's own setting counts before the database's. */
    private static final String EXEMPT = """
            select distinct r.rolname from pg_db_role_setting s join pg_roles r on r.oid = s.setrole
            cross join unnest(s.setconfig) as setting
            where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
              and starts_with(setting, 'default_transaction_read_only=')
              and not substr(setting, length('default_transaction_read_only=') + 1)::boolean
              and r.rolcanlogin and r.rolname <> current_user
            order by 1
            """;

    private static final String HELD = """
            select count(*) from pg_locks where pid = pg_backend_pid() and mode = 'ShareRowExclusiveLock' and granted
            """;

    private static final String PREPARED =
            "select gid from pg_prepared_xacts where database = current_database() order by prepared";

    private SessionFence() {}

    /**
     * Whatever would make closing impossible or void is refused before anybody waits, and once more under the locks.
     *
     * @throws FaultException with GATE_REFUSED
     */
    static void requireAble(Crossing crossing, Session session) {
        Optional<String> obstacle = obstacle(session);
        if (obstacle.isPresent()) {
            String side = crossing.from().text();
            throw Fault.about(
                            FaultCode.GATE_REFUSED,
                            side,
                            "the sessions of " + side + " cannot be closed: " + obstacle.get())
                    .asException();
        }
    }

    private static Optional<String> obstacle(Session session) {
        GuardState guard = Guard.inspect(session);
        if (!(guard instanceof GuardState.Open)) {
            return Optional.of("viridian.guard(), which is its record, is " + guard);
        }
        List<String> missing = session.list(MISSING, row -> row.text(1));
        if (!missing.isEmpty()) {
            return Optional.of("our role must " + String.join(" and ", missing));
        }
        List<String> exempt = session.list(EXEMPT, row -> row.text(1));
        return exempt.isEmpty()
                ? Optional.empty()
                : Optional.of("a default_transaction_read_only of their own have " + exempt + " (alter role "
                        + Sql.identifier(exempt.getFirst()) + " reset default_transaction_read_only)");
    }

    /** Right before the deciding commit, which is another session's: up to here nobody can have written. */
    static void requireHeld(Crossing crossing) {
        if (!held(crossing.fence().locks())) {
            throw crossing.lost();
        }
    }

    /** A session that lost its transaction cannot have the same locks again, so who has them now had them all along. */
    private static boolean held(Session locks) {
        return locks.one(HELD, row -> row.number(1)) > 0;
    }

    /**
     * Behind the deciding commit, before the other side opens: afterwards nobody is left who began before it, and what
     * such a session wrote meanwhile is over there. Repeatable.
     */
    static void finish(Crossing crossing) throws InterruptedException {
        if (opened(crossing)) {
            return;
        }
        SwitchParts parts = crossing.parts();
        Deadline by = Deadline.after(parts.clock(), parts.settings().laneReady());
        Session prepared = crossing.fenced() ? crossing.fence().source() : null;
        if (prepared != null && prepared.alive()) {
            finish(crossing, prepared, by);
            return;
        }
        try (Session fresh = crossing.source().open("switch")) {
            fresh.execute("set synchronous_commit = local");
            finish(crossing, fresh, by);
        }
    }

    private static void finish(Crossing crossing, Session source, Deadline by) throws InterruptedException {
        OldSessions.end(source, crossing.source().applicationName(), by);
        if (!stillHeld(crossing, by)) {
            LOG.warn(
                    "The locks on {} were gone before its last session was; what was written meanwhile is drained now.",
                    crossing.from().text());
            drain(crossing, source, by);
        }
    }

    private static boolean opened(Crossing crossing) {
        Optional<Ownership> row = crossing.target().query(session -> OwnershipRows.read(session, crossing.migration()));
        return row.filter(one -> one.state() == Ownership.State.OPEN)
                .filter(one -> one.epoch() == crossing.attempt().toEpoch())
                .isPresent();
    }

    private static boolean stillHeld(Crossing crossing, Deadline by) {
        if (!crossing.fenced()) {
            return false;
        }
        Session locks = crossing.fence().locks();
        try (Leash _ = Leash.on(locks, by, crossing.parts().clock())) {
            return held(locks);
        } catch (FaultException ended) {
            LOG.debug("the session that held the locks has ended", ended);
            return false;
        }
    }

    /** As FENCE, DRAIN and SEQUENCES, but nobody is left who would have to be kept waiting. */
    private static void drain(Crossing crossing, Session source, Deadline by) throws InterruptedException {
        SwitchParts parts = crossing.parts();
        awaitWriters(crossing, source, by);
        String nonce = UUID.randomUUID().toString();
        Emission.emit(source, Marker.Kind.FENCE, crossing.migration(), nonce, parts.clock());
        crossing.lane().awaitMarker(nonce, by);
        try (Session target = crossing.target().open("switch")) {
            Sequences.move(source, target, parts);
        }
    }

    /** A prepared transaction needs no session. The lock that waits for it is let go at once. */
    private static void awaitWriters(Crossing crossing, Session source, Deadline by) {
        String tables = crossing.parts().plan().tablesOn(crossing.from()).stream()
                .map(TableName::sql)
                .sorted()
                .collect(Collectors.joining(", "));
        long millis = Math.max(1, by.remaining().toMillis());
        try {
            source.transaction(() -> {
                source.execute("set local lock_timeout = " + millis + "; set local statement_timeout = " + millis * 2);
                source.execute("lock table " + tables + " in share row exclusive mode");
            });
        } catch (FaultException late) {
            throw source.alive() ? unended(crossing, source, late) : late;
        }
    }

    private static FaultException unended(Crossing crossing, Session source, FaultException late) {
        String side = crossing.from().text();
        return Fault.about(
                        FaultCode.LOCK_TIMEOUT,
                        side,
                        "transactions of before did not end on " + side + " (prepared ones: "
                                + source.list(PREPARED, row -> row.text(1)) + ", which somebody has to commit or roll"
                                + " back); " + crossing.to().text() + " stays closed until they have")
                .asException(late);
    }

    /**
     * The side owns again. Sessions that began while it was closed would be read-only for life, so those that do
     * nothing are ended; nothing depends on it.
     */
    static void renew(Crossing crossing) {
        try {
            crossing.target()
                    .run(session ->
                            OldSessions.endIdle(session, crossing.target().applicationName()));
        } catch (FaultException failure) {
            LOG.warn(
                    "Sessions that began while {} was closed stay read-only until they connect anew: {}",
                    crossing.to().text(),
                    failure.fault().sentence());
        }
    }
}
