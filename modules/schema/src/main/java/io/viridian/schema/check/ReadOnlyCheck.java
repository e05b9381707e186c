package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Neither side is a standby, and neither refuses writes by default. Our own sessions override the default; those of the
 * applications do not, and the value they start with is the one to look at.
 */
final class ReadOnlyCheck implements Check {
    private static final String DEFAULT = """
            select reset_val = 'on', current_database() from pg_settings where name = 'default_transaction_read_only'
            """;

    @Override
    public String id() {
        return "read-only";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : Side.values()) {
            // A pooled session may be older than the setting.
            try (Session session = context.on(side).open("check")) {
                findings.addAll(onSide(session, side));
            }
        }
        return findings;
    }

    private static List<Finding> onSide(Session session, Side side) {
        List<Finding> findings = new ArrayList<>();
        if (session.one("select pg_is_in_recovery()", row -> row.truth(1))) {
            findings.add(Finding.refused(
                    side.text() + ".in-recovery",
                    side.text() + ".url",
                    side.text() + " is a standby: pg_is_in_recovery() is true, so it takes no writes",
                    "lead " + side.text() + ".url to the primary"));
        }
        String database = session.one(DEFAULT, row -> row.truth(1) ? row.text(2) : "");
        if (!database.isEmpty()) {
            findings.add(
                    Finding.warning(
                            side.text() + ".read-only",
                            "default_transaction_read_only",
                            "default_transaction_read_only is on for new sessions on " + side.text()
                                    + "; while that side is the owner, applications cannot write",
                            "alter database " + Sql.identifier(database)
                                    + " set default_transaction_read_only = off; -- or where it was set: alter role, alter system"));
        }
        return findings;
    }
}
