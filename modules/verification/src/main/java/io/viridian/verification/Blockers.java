package io.viridian.verification;

import io.viridian.postgres.Database;
import java.util.List;

/** Tells whom a waiting server process waits for. */
final class Blockers {
    /**
     * Process 0 stands for a prepared transaction (manual 14-18, pg_blocking_pids in section 9.27). Without the role
     * pg_read_all_stats only the pid of another user's session can be seen.
     */
    private static final String QUERY = """
            select case when b.pid = 0 then 'a prepared transaction'
                        else format('pid %s (%s, %s, open for %s s)', b.pid, coalesce(nullif(a.application_name, ''), 'no name'),
                                    coalesce(a.state, 'state unknown'),
                                    coalesce(round(extract(epoch from clock_timestamp() - a.xact_start))::text, '?')) end
            from (select distinct unnest(pg_blocking_pids(?)) as pid) b left join pg_stat_activity a using (pid)
            order by b.pid
            """;

    private Blockers() {}

    static String of(Database database, long pid) {
        List<String> blockers = database.query(session -> session.list(QUERY, row -> row.text(1), (int) pid));
        return blockers.isEmpty() ? "which ended just now" : "held up by " + String.join(", ", blockers);
    }
}
