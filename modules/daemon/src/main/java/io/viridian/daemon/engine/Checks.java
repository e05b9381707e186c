package io.viridian.daemon.engine;

import io.viridian.daemon.config.Settings;
import io.viridian.plan.Finding;
import io.viridian.plan.Planned;
import io.viridian.plan.Sql;
import io.viridian.schema.check.CheckContext;
import io.viridian.schema.check.Preflight;
import io.viridian.schema.green.PgDump;
import java.util.List;

/** The pre-flight checks, with what they need from the settings. Changes nothing. */
public final class Checks {
    private Checks() {}

    public static List<Finding> run(EngineParts parts, Planned planned) throws InterruptedException {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean begun = new LiveMigration.Traces(parts).begun();
        return Preflight.run(new CheckContext(
                parts.blue(),
                parts.green(),
                planned,
                Wiring.schemaOrigin(parts),
                parts.settings().reverse().enabled(),
                begun,
                PgDump.places(path)));
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
                    pg_replication_origin_session_setup(text), pg_replication_origin_session_reset() to %1$s;
                grant set on parameter session_replication_role, deadlock_timeout to %1$s;  -- 15 and newer; before: superuser
                -- the role must own the migrated tables, or be a member of the role that does

                -- on green, as an administrator
                alter role %3$s replication;
                grant create, temporary on database %4$s to %3$s;
                grant execute on function pg_replication_origin_create(text), pg_replication_origin_drop(text),
                    pg_replication_origin_session_setup(text), pg_replication_origin_session_reset() to %3$s;
                grant set on parameter session_replication_role, deadlock_timeout to %3$s;
                """.formatted(
                        blue,
                        Sql.identifier(settings.blue().database()),
                        green,
                        Sql.identifier(settings.green().database()));
    }
}
