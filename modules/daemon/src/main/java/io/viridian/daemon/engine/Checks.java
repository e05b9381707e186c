package io.viridian.daemon.engine;

import io.viridian.daemon.config.ConnectionSettings;
import io.viridian.daemon.config.CutoverFence;
import io.viridian.daemon.config.Settings;
import io.viridian.daemon.config.TrafficSettings;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Finding;
import io.viridian.plan.Planned;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.schema.check.CheckContext;
import io.viridian.schema.check.Intent;
import io.viridian.schema.check.Preflight;
import io.viridian.schema.green.PgDump;
import io.viridian.schema.green.SchemaOrigin;
import java.util.List;

/** The pre-flight checks, with what they need from the settings. Changes nothing. */
public final class Checks {
    private Checks() {}

    public static List<Finding> run(EngineParts parts, Planned planned) throws InterruptedException {
        return Preflight.run(context(parts, planned, Resumption.journalThere(parts)));
    }

    /** Once green's schema was made, what could not be asked before; nothing where it was there from the beginning. */
    static List<Finding> ofMapping(EngineParts parts, Planned planned) throws InterruptedException {
        return Wiring.schemaOrigin(parts) instanceof SchemaOrigin.None
                ? List.of()
                : Preflight.runMapping(context(parts, planned, true));
    }

    /**
     * At each start of a migration under way: the capture engine, which may have been changed, carries what the plan
     * moves.
     *
     * @throws io.viridian.fault.FaultException with PREFLIGHT_REFUSED, or because a side does not answer
     */
    static void requireCapture(EngineParts parts, Planned planned) {
        List<Finding> findings = Preflight.runCapture(context(parts, planned, true));
        if (findings.stream().anyMatch(Finding::refuses)) {
            throw Fault.of(FaultCode.PREFLIGHT_REFUSED, PlanBinder.refusals(findings))
                    .asException();
        }
    }

    private static CheckContext context(EngineParts parts, Planned planned, boolean begun) {
        return new CheckContext(
                parts.blue(),
                parts.green(),
                planned,
                new Intent(
                        Wiring.schemaOrigin(parts),
                        parts.settings().reverse().enabled(),
                        Capture.limits(parts.settings().capture().engine()),
                        begun,
                        parts.settings().cutover().fence() == CutoverFence.SESSIONS),
                PgDump.places(System.getenv().getOrDefault("PATH", "")));
    }

    /** The statements that give a role what the daemon needs, for an administrator to run. */
    public static String grants(Settings settings) {
        return grants(Side.BLUE, settings.blue(), settings) + "\n" + grants(Side.GREEN, settings.green(), settings);
    }

    private static String grants(Side side, ConnectionSettings connection, Settings settings) {
        String owned = setsDefaults(settings)
                ? "\n-- the role must own the database, or be a member of the role that does: cutover.traffic or cutover.fence"
                        + " sets defaults of it"
                : "";
        return """
                -- on %3$s, as an administrator
                alter role %1$s replication;
                grant create, temporary on database %2$s to %1$s;
                grant execute on function pg_replication_origin_create(text), pg_replication_origin_drop(text),
                    pg_replication_origin_oid(text), pg_replication_origin_session_setup(text),
                    pg_replication_origin_session_reset(), pg_replication_origin_session_is_setup(),
                    pg_replication_origin_xact_setup(pg_lsn, timestamptz) to %1$s;
                grant set on parameter session_replication_role, deadlock_timeout to %1$s;  -- 15 and newer; before: superuser
                grant pg_monitor to %1$s;  -- the gates look at other sessions
                %4$s%6$s-- the role must own the migrated tables, or be a member of the role that does%5$s
                """.formatted(
                        Sql.identifier(connection.user()),
                        Sql.identifier(connection.database()),
                        side.text(),
                        endsSessions(settings)
                                ? "grant pg_signal_backend to " + Sql.identifier(connection.user())
                                        + ";  -- the configuration has sessions ended\n"
                                : "",
                        owned,
                        side == Side.GREEN
                                ? "grant create on schema public to " + Sql.identifier(connection.user())
                                        + ";  -- and on each other schema of the migrated tables that is there already\n"
                                : "");
    }

    private static boolean setsDefaults(Settings settings) {
        return settings.cutover().fence() == CutoverFence.SESSIONS
                || settings.cutover().traffic().stream().anyMatch(TrafficSettings.Clients.class::isInstance);
    }

    private static boolean endsSessions(Settings settings) {
        return setsDefaults(settings) || !settings.cutover().endIdle().isEmpty();
    }
}
