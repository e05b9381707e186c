package io.viridian.daemon.engine;

import io.viridian.postgres.Session;
import java.time.Duration;
import java.util.Optional;

/**
 * Who holds a migration's lock in one database, as its server tells.
 *
 * @param words name, address and process, for people
 * @param silent how long it has asked nothing, by the server's own clock; a daemon at work asks once a second
 */
record LockHolder(String words, Duration silent) {
    private static final String READ = """
            select a.application_name || ' from ' || coalesce(host(a.client_addr), 'this host') || ', process '
                   || a.pid || ', since ' || a.backend_start,
                   coalesce((extract(epoch from clock_timestamp() - a.state_change) * 1000)::bigint, 0)
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
              and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(?, 0)
            """;

    /**
     * What holds anything for a migration in this database: locks, transactions, slots. Never the session that asks.
     */
    private static final String PUSH_OUT = """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where pid <> pg_backend_pid() and datname = current_database()
              and (starts_with(application_name, ? || ' ')
                   or pid in (select active_pid from pg_replication_slots where slot_name in (?, ?)))
            """;

    private static final LockHolder ENDING = new LockHolder("a session that is just ending", Duration.ZERO);

    /**
     * Takes the lock if nobody holds it.
     *
     * @return who holds it; empty when this session does now
     */
    static Optional<LockHolder> unlessTaken(Session session, String key) {
        if (session.one("select pg_try_advisory_lock(hashtextextended(?, 0))", row -> row.truth(1), key)) {
            return Optional.empty();
        }
        return Optional.of(session.first(
                        READ, row -> new LockHolder(row.text(1), Duration.ofMillis(row.number(2))), key)
                .orElse(ENDING));
    }

    /**
     * Ends the sessions of a migration's daemon (manual 14-18, section 9.28.2; of one's own role this needs no right).
     *
     * @param application what they are called up to their purpose
     * @return how many
     */
    static long pushOut(Session session, String application, String slot, String otherSlot) {
        return session.one(PUSH_OUT, row -> row.number(1), application, slot, otherSlot);
    }
}
