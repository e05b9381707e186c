package io.viridian.postgres;

import java.time.Duration;
import java.util.Optional;

/**
 * What a server is busy with beside us, as it tells itself. Only who may see other sessions is told; everybody else
 * would take it for idle.
 *
 * @param activeSessions of clients, ours left out
 * @param replicaLag of the replica that is furthest behind with replaying; empty without one that has told
 */
public record ServerLoad(long activeSessions, Optional<Duration> replicaLag) {
    private static final String MAY_LOOK = "select pg_has_role('pg_read_all_stats', 'usage')";

    /** The manual, 14-18, sections 27.2.3 and 27.2.4; logical walsenders have no replica behind them. */
    private static final String READ = """
            select (select count(*) from pg_stat_activity
                    where backend_type = 'client backend' and state = 'active' and not starts_with(application_name, ? || ' ')),
                   (select (extract(epoch from max(r.replay_lag)) * 1000)::bigint::text from pg_stat_replication as r
                    where not exists (select 1 from pg_replication_slots as s
                                      where s.active_pid = r.pid and s.slot_type = 'logical'))
            """;

    /**
     * Asks.
     *
     * @param application what our sessions are called up to their purpose
     * @return empty when the role may not look
     */
    public static Optional<ServerLoad> read(Session session, String application) {
        return session.one(MAY_LOOK, row -> row.truth(1))
                ? Optional.of(session.one(
                        READ,
                        row -> new ServerLoad(
                                row.number(1),
                                row.optionalText(2).map(Long::parseLong).map(Duration::ofMillis)),
                        application))
                : Optional.empty();
    }
}
