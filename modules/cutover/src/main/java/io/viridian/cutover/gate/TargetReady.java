package io.viridian.cutover.gate;

import io.viridian.cutover.SequencePosition;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The target can carry the load: indexes valid, constraints proven, planner informed, connections to be had, and its
 * standbys close behind it.
 */
final class TargetReady implements Check {
    private static final String RELATIONS = """
            with mapped as (
                select n.name::regclass::oid as oid from unnest(?::text[]) n(name)
                union select t.relid::oid from unnest(?::text[]) n(name), pg_partition_tree(n.name::regclass) t)
            """;

    private static final String INVALID_INDEXES = RELATIONS + """
            select 'index ' || i.indexrelid::regclass || ' is not valid' from pg_index i join mapped m on m.oid = i.indrelid
            where not (i.indisvalid and i.indisready and i.indislive) order by 1
            """;

    private static final String UNPROVEN = RELATIONS + """
            select k.conname from pg_constraint k join mapped m on m.oid = k.conrelid
            where not k.convalidated and k.contype in ('f', 'c') order by 1
            """;

    /** Since 14 a negative estimate means never analyzed (manual 14-18, section 53.11). */
    private static final String NOT_ANALYZED = RELATIONS + """
            select 'table ' || c.oid::regclass || ' was never analyzed' from pg_class c join mapped m on m.oid = c.oid
            where c.relkind = 'r' and c.reltuples < 0 order by 1
            """;

    private static final String FREE_CONNECTIONS = """
            select current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint
                   - (select count(*) from pg_stat_activity where backend_type = 'client backend')
            """;

    /** Those that say what they have replayed; an archive does not, and our own streams are logical. */
    private static final String STANDBYS_BEHIND = """
            select 'standby ' || coalesce(nullif(r.application_name, ''), r.pid::text) || ' is '
                   || pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)) || ' behind'
            from pg_stat_replication r
            where pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn) > ?
              and not exists (select 1 from pg_replication_slots s where s.active_pid = r.pid and s.slot_type = 'logical')
            order by 1
            """;

    /** What a standby replays in about a second. */
    private static final long STANDBY_LAG_MOST = 64L << 20;

    private static final int SHOWN = 3;

    @Override
    public String id() {
        return "green.ready";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        String[] there = inquiry.tables(inquiry.target());
        String[] here = inquiry.tables(inquiry.source());
        List<String> knownUnproven = inquiry.ask(inquiry.source(), session -> texts(session, UNPROVEN, here));
        long needed = inquiry.ask(inquiry.source(), SequencePosition::sessions);
        List<String> missing = new ArrayList<>();
        inquiry.ask(inquiry.target(), session -> {
            missing.addAll(texts(session, INVALID_INDEXES, there));
            texts(session, UNPROVEN, there).stream()
                    .filter(constraint -> !knownUnproven.contains(constraint))
                    .forEach(constraint -> missing.add("constraint " + constraint + " is not validated"));
            missing.addAll(texts(session, NOT_ANALYZED, there));
            missing.addAll(session.list(STANDBYS_BEHIND, row -> row.text(1), STANDBY_LAG_MOST));
            long free = session.one(FREE_CONNECTIONS, row -> row.number(1));
            if (free < needed) {
                missing.add("only " + free + " connections are free, " + needed + " are used on "
                        + inquiry.source().text());
            }
            return true;
        });
        return Observation.of(
                missing.isEmpty(),
                missing.isEmpty() ? "ready" : shown(missing),
                "ready",
                "REINDEX, VALIDATE CONSTRAINT, ANALYZE, raise max_connections, or let the standbys catch up on "
                        + inquiry.target().text() + ".");
    }

    private static List<String> texts(Session session, String sql, String[] tables) {
        return session.list(sql, row -> row.text(1), tables, tables);
    }

    private static String shown(List<String> missing) {
        String first = String.join("; ", missing.stream().limit(SHOWN).toList());
        return missing.size() <= SHOWN ? first : first + "; and " + (missing.size() - SHOWN) + " more";
    }
}
