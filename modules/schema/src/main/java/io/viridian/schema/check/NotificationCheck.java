package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Notifications reach listeners of their own server only (manual 14-18, NOTIFY). A server tells nobody who listens but
 * the listener itself, so what is found here is what shows from outside: sessions that wait in LISTEN, and functions
 * that notify.
 */
final class NotificationCheck implements Check {
    /** Whoever has run something since looks like everybody else. */
    private static final String LISTENERS = """
            select string_agg(distinct coalesce(nullif(application_name, ''), 'process ' || pid), ', ')
            from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and query ~* '^\\s*listen\\s'
            """;

    private static final String NOTIFIERS = """
            select string_agg(p.oid::regprocedure::text, ', ' order by p.oid::regprocedure::text)
            from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
            where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'viridian')
              and p.prosrc ~* '\\m(pg_notify|notify)\\M'
            """;

    @Override
    public String id() {
        return "notifications";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        context.on(Side.BLUE).run(session -> {
            String listeners = names(session, LISTENERS);
            if (!listeners.isEmpty()) {
                findings.add(Finding.note(
                        "blue.listeners",
                        listeners,
                        "LISTEN was the last statement of " + listeners + " on blue; notifications are not carried, so"
                                + " they have to listen on green after the switch. Others may listen, too: that cannot be"
                                + " seen from outside"));
            }
            String notifiers = names(session, NOTIFIERS);
            if (!notifiers.isEmpty()) {
                findings.add(Finding.note(
                        "blue.notifiers",
                        notifiers,
                        notifiers + " on blue notify; listeners on green hear of what is written there, and nothing of"
                                + " rows that are applied to it"));
            }
        });
        return findings;
    }

    private static String names(Session session, String sql) {
        return session.one(sql, row -> row.optionalText(1)).orElse("");
    }
}
