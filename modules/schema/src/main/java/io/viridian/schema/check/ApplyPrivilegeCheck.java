package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * On the sides we write to we may tag our writes with a replication origin and keep triggers and foreign keys from
 * firing for them (manual 14-18, sections 9.27.6 and 20.11.1).
 */
final class ApplyPrivilegeCheck implements Check {
    private static final String NO_PRIVILEGE = "42501";

    private static final String NOT_EXECUTABLE = """
            select p.oid::regprocedure::text from pg_proc p
            where p.pronamespace = 'pg_catalog'::regnamespace and p.proname in (
                'pg_replication_origin_create', 'pg_replication_origin_drop', 'pg_replication_origin_oid',
                'pg_replication_origin_session_setup', 'pg_replication_origin_session_reset',
                'pg_replication_origin_xact_setup')
            and not has_function_privilege(p.oid, 'execute')
            order by 1
            """;

    @Override
    public String id() {
        return "apply-privilege";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : Side.values()) {
            String role = context.on(side).endpoint().user();
            context.on(side).run(session -> {
                refuseWithoutOrigins(session, side, role, findings);
                if (context.targets().contains(side)) {
                    refuseWithoutReplicaRole(session, side, role, findings);
                }
            });
        }
        return findings;
    }

    /** Both sides need them: the stream of one side leaves out what carries the tag. */
    private static void refuseWithoutOrigins(Session session, Side side, String role, List<Finding> findings) {
        List<String> functions = session.list(NOT_EXECUTABLE, row -> row.text(1));
        if (!functions.isEmpty()) {
            findings.add(Finding.refused(
                    side.text() + ".origin-privilege",
                    role,
                    "role " + role + " on " + side.text() + " may not execute " + String.join(", ", functions),
                    "grant execute on function " + String.join(", ", functions) + " to " + Sql.identifier(role) + ";"));
        }
    }

    private static void refuseWithoutReplicaRole(Session session, Side side, String role, List<Finding> findings) {
        session.begin();
        try {
            session.execute("set local session_replication_role = replica");
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(NO_PRIVILEGE)) {
                throw failure;
            }
            session.rollback();
            findings.add(Finding.refused(
                    side.text() + ".replica-role-privilege",
                    role,
                    "role " + role + " on " + side.text()
                            + " may not set session_replication_role, so its triggers and foreign keys would fire for"
                            + " rows that we apply",
                    VersionCheck.of(session) >= 15
                            ? "grant set on parameter session_replication_role to " + Sql.identifier(role) + ";"
                            : "alter role " + Sql.identifier(role) + " superuser;"));
        } finally {
            session.rollback();
        }
    }
}
