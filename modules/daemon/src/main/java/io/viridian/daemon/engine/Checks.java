package io.viridian.daemon.engine;

import io.viridian.daemon.config.CutoverFence;
import io.viridian.daemon.config.Settings;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Finding;
import io.viridian.plan.Planned;
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
        String blue = Sql.identifier(settings.blue().user());
        String green = Sql.identifier(settings.green().user());
        return """
                -- on blue, as an administrator
                alter role %1$s replication;
                grant create, temporary on database %2$s to %1$s;
                grant execute on function pg_replication_origin_create(text), pg_replication_origin_drop(text),
                    pg_replication_origin_session_setup(text), pg_replication_origin_session_reset(),
                    pg_replication_origin_session_is_setup() to %1$s;
                grant set on parameter session_replication_role, deadlock_timeout to %1$s;  -- 15 and newer; before: superuser
                -- the role must own the migrated tables, or be a member of the role that does

                -- on green, as an administrator
                alter role %3$s replication;
                grant create, temporary on database %4$s to %3$s;
                grant execute on function pg_replication_origin_create(text), pg_replication_origin_drop(text),
                    pg_replication_origin_session_setup(text), pg_replication_origin_session_reset(),
                    pg_replication_origin_session_is_setup() to %3$s;
                grant set on parameter session_replication_role, deadlock_timeout to %3$s;
                """.formatted(
                        blue,
                        Sql.identifier(settings.blue().database()),
                        green,
                        Sql.identifier(settings.green().database()));
    }
}
