package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Where blue is to be closed by its sessions and not by triggers: we may do that, no role is exempt from it, and
 * whoever chose it is told what it does not promise.
 */
final class SessionsFenceCheck implements Check {
    private static final String MISSING = """
            select (select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()),
                   pg_has_role('pg_signal_backend', 'usage') and pg_has_role('pg_read_all_stats', 'usage'),
                   current_database(), current_user::text,
                   (select datdba::regrole::text from pg_database where datname = current_database())
            """;

    /** A role's own setting counts before the database's. */
    private static final String EXEMPT = """
            select distinct r.rolname, s.setdatabase <> 0, current_database()
            from pg_db_role_setting s join pg_roles r on r.oid = s.setrole cross join unnest(s.setconfig) as setting
            where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
              and starts_with(setting, 'default_transaction_read_only=')
              and not substr(setting, length('default_transaction_read_only=') + 1)::boolean
              and r.rolcanlogin and r.rolname <> current_user
            order by 1
            """;

    @Override
    public String id() {
        return "fence.sessions";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        return context.sessionsClosed() ? context.on(Side.BLUE).query(this::found) : List.of();
    }

    private List<Finding> found(Session session) {
        List<Finding> findings = new ArrayList<>();
        session.list(MISSING, row -> {
            String database = row.text(3);
            String role = row.text(4);
            if (!row.truth(1)) {
                findings.add(Finding.refused(
                        "blue.fence-owner",
                        database,
                        "cutover.fence is sessions, and role " + role
                                + " may not set default_transaction_read_only for " + database + " on blue",
                        "grant " + row.text(5) + " to " + Sql.identifier(role) + "; -- the owner of the database"));
            }
            if (!row.truth(2)) {
                findings.add(Finding.refused(
                        "blue.fence-privilege",
                        role,
                        "cutover.fence is sessions, and role " + role + " may not see and end other sessions on blue",
                        "grant pg_signal_backend, pg_read_all_stats to " + Sql.identifier(role) + ";"));
            }
            return true;
        });
        session.list(EXEMPT, row -> findings.add(exempt(row.text(1), row.truth(2) ? row.text(3) : "")));
        findings.add(Finding.warning(
                "blue.fence-sessions",
                "cutover.fence",
                "blue gets no triggers: behind the switch its sessions begin read-only, and those of before are ended."
                        + " A session that sets transaction_read_only off for itself writes on blue still, as does a role"
                        + " with a default of its own, or a superuser whose sessions our role may not end; nothing but the"
                        + " stream sees it, and then a rollback is refused",
                "take cutover.fence out of the file, where triggers on blue are allowed after all"));
        return findings;
    }

    private static Finding exempt(String role, String database) {
        return Finding.refused(
                "blue.fence-exempt",
                role,
                "cutover.fence is sessions, and role " + role
                        + " has a default_transaction_read_only of its own on blue, which would let it write on",
                "alter role " + Sql.identifier(role)
                        + (database.isEmpty() ? "" : " in database " + Sql.identifier(database))
                        + " reset default_transaction_read_only;");
    }
}
