package io.viridian.schema.check;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Every side whose changes are streamed lets us open a replication connection. Tried rather than read: the attribute of
 * the role, pg_hba.conf, a pooler in between and the ways of managed services all have a say.
 */
final class ReplicationPrivilegeCheck implements Check {
    @Override
    public String id() {
        return "replication-privilege";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : context.sources()) {
            try (Session walsender = context.on(side).openWalsender("check")) {
                walsender.one("IDENTIFY_SYSTEM", row -> row.text(1));
            } catch (FaultException failure) {
                String user = context.on(side).endpoint().user();
                Fault fault = failure.fault();
                findings.add(Finding.refused(
                        side.text() + ".replication-privilege",
                        user,
                        "role " + user + " cannot replicate from " + side.text() + ": " + fault.detail() + " [SQLSTATE "
                                + fault.sqlState() + "]",
                        "alter role " + Sql.identifier(user)
                                + " replication; -- and let it in for this database in pg_hba.conf"));
            }
        }
        return findings;
    }
}
