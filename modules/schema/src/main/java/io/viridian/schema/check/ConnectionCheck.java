package io.viridian.schema.check;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/** Both sides answer, and let us in. */
final class ConnectionCheck implements Check {
    @Override
    public String id() {
        return "connection";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : Side.values()) {
            try (Session session = context.on(side).open("check")) {
                session.one("select 1", row -> row.number(1));
            } catch (FaultException failure) {
                Fault fault = failure.fault();
                findings.add(Finding.refused(
                        side.text() + ".connection",
                        context.on(side).endpoint().toString(),
                        fault.sentence(),
                        fault.code().remedy()));
            }
        }
        return findings;
    }
}
