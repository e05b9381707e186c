package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.util.List;

/** Both URLs lead to different clusters (manual 14-18, section 9.27.13: pg_control_system). */
final class SameClusterCheck implements Check {
    private static final String NO_PRIVILEGE = "42501";

    @Override
    public String id() {
        return "same-cluster";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        String blue = identifier(context.on(Side.BLUE));
        String green = identifier(context.on(Side.GREEN));
        if (!blue.equals(green)) {
            return List.of();
        }
        return List.of(Finding.refused(
                id(),
                "green.url",
                "blue and green are the same cluster, or one is a physical copy of the other: both have system identifier "
                        + blue,
                "lead green.url to a cluster created by initdb"));
    }

    private static String identifier(Database database) {
        try {
            return database.query(session ->
                    session.one("select system_identifier::text from pg_control_system()", row -> row.text(1)));
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(NO_PRIVILEGE)) {
                throw failure;
            }
        }
        try (Session walsender = database.openWalsender("check")) {
            return walsender.one("IDENTIFY_SYSTEM", row -> row.text(1));
        }
    }
}
