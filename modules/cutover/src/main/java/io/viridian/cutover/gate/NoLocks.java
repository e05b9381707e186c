package io.viridian.cutover.gate;

import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * No session works on a mapped table of the source in a way that would keep the fence waiting for long: DDL, an index
 * being built, a vacuum. An ordinary autovacuum gives way by itself; one against wraparound does not (manual 14-18,
 * section 25.1.6). Nor would the commit point wait in vain for a standby (manual 14-18, section 27.2.8).
 */
final class NoLocks implements Check {
    private static final String IN_THE_WAY = """
            select distinct c.oid::regclass::text, l.mode, l.pid, coalesce(nullif(a.application_name, ''), a.backend_type, '')
            from (select t.relid::oid as oid from unnest(?::text[]) n(name), pg_partition_tree(n.name::regclass) t
                  union select n.name::regclass::oid from unnest(?::text[]) n(name)) c
            join pg_locks l on l.locktype = 'relation' and l.relation = c.oid
                 and l.database = (select oid from pg_database where datname = current_database())
            left join pg_stat_activity a on a.pid = l.pid
            where l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                             'AccessExclusiveLock')
              and l.pid <> pg_backend_pid() and coalesce(a.application_name, '') not like ? || '%'
              and (coalesce(a.backend_type, '') <> 'autovacuum worker' or a.query like '%to prevent wraparound%')
            order by 1 limit 5
            """;

    private static final String NO_STANDBY = """
            select 'commits wait for a synchronous standby (synchronous_standby_names is '
                   || current_setting('synchronous_standby_names') || '), and none is there'
            where current_setting('synchronous_standby_names') <> ''
              and not exists (select 1 from pg_stat_replication where sync_state in ('sync', 'quorum'))
            """;

    @Override
    public String id() {
        return "locks.none";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        String[] tables = inquiry.tables(inquiry.source());
        String ours = inquiry.parts().on(inquiry.source()).applicationName();
        List<String> found = inquiry.ask(inquiry.source(), session -> inTheWay(session, tables, ours));
        return Observation.of(
                found.isEmpty(),
                found.isEmpty() ? "none" : String.join("; ", found),
                "none",
                "Let the maintenance or schema change end first; bring the standby back.");
    }

    private static List<String> inTheWay(Session session, String[] tables, String ours) {
        Activity.requireSight(session);
        List<String> found = new ArrayList<>(session.list(
                IN_THE_WAY,
                row -> row.text(2) + " on " + row.text(1) + " by process " + row.number(3) + " (" + row.text(4) + ")",
                tables,
                tables,
                ours));
        found.addAll(session.list(NO_STANDBY, row -> row.text(1)));
        return found;
    }
}
