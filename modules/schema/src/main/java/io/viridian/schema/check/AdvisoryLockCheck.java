package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import java.util.List;

/**
 * Who excludes others by advisory locks on blue: such a lock is known to one server only and stands in the way of no
 * switch, so right after one somebody may hold it on green while its holder of before still works on blue.
 */
final class AdvisoryLockCheck implements Check {
    private static final String HOLDERS = """
            select coalesce(nullif(a.application_name, ''), 'process ' || l.pid), coalesce(a.usename, ''), count(*)
            from pg_locks as l left join pg_stat_activity as a on a.pid = l.pid
            where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())
              and l.pid is distinct from pg_backend_pid() and coalesce(a.application_name, '') not like ? || '%'
            group by 1, 2
            order by 1, 2
            """;

    @Override
    public String id() {
        return "advisory-locks";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        Database blue = context.on(Side.BLUE);
        return blue.query(session -> session.list(HOLDERS, AdvisoryLockCheck::finding, blue.applicationName()));
    }

    private static Finding finding(Row row) {
        return Finding.note(
                "blue.advisory-lock",
                row.text(1),
                row.text(1) + " (role " + row.text(2) + ") holds " + row.number(3)
                        + " advisory locks on blue; they exclude nobody on green, so what they protect may run on both"
                        + " sides right after a switch unless cutover.traffic ends blue's sessions (clients:)");
    }
}
