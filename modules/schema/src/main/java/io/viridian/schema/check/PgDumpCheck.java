package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.schema.green.PgDump;
import io.viridian.schema.green.SchemaOrigin;
import java.util.List;

/** When green's schema is to come from blue, there is a pg_dump that can read it. */
final class PgDumpCheck implements Check {
    @Override
    public String id() {
        return "schema.pg-dump";
    }

    @Override
    public List<Finding> run(CheckContext context) throws InterruptedException {
        if (!(context.schema() instanceof SchemaOrigin.Blue) || context.begun()) {
            return List.of();
        }
        int blue = VersionCheck.of(context, Side.BLUE);
        try {
            PgDump.find(context.programs(), blue, VersionCheck.of(context, Side.GREEN));
        } catch (FaultException missing) {
            return List.of(Finding.refused(
                    id(), "pg_dump", missing.fault().detail(), "apt-get install postgresql-client-" + blue));
        }
        return List.of(
                Finding.note(
                        "schema.not-copied",
                        "",
                        "roles, grants, owners, tablespaces, publications and subscriptions are not copied with blue's schema"));
    }
}
