package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Real values fit where they are going, as far as that is cheap to know: a sample of every table whose rows are changed
 * on the way goes through the expressions into columns like green's, and integers that get narrower are looked at by
 * their extremes. What slips through stops the load with the same message, row and column named.
 */
final class ValueCheck implements Check {
    /** What one table may cost blue. */
    private static final String LIMITS = """
            set transaction isolation level repeatable read;
            set local statement_timeout = '10s';
            set local lock_timeout = '2s'
            """;

    private static final String TIMED_OUT = "57014";

    @Override
    public String id() {
        return "mapping.values";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        try (Session session = context.on(Side.BLUE).open("check")) {
            for (Route route : context.plan().routes(Direction.FORWARD)) {
                FedColumns columns = FedColumns.of(context, route);
                if (!columns.isEmpty()) {
                    findings.addAll(look(session, route, new SampleProbe(session, route, columns)::findings));
                    findings.addAll(look(session, route, new NarrowingProbe(session, route)::findings));
                }
            }
        }
        return findings.stream().distinct().toList();
    }

    private static List<Finding> look(Session session, Route route, Supplier<List<Finding>> probe) {
        session.begin();
        try {
            session.execute(LIMITS);
            return probe.get();
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(TIMED_OUT)) {
                throw failure;
            }
            return List.of(Finding.note(
                    "mapping.values-unknown",
                    route.source().toString(),
                    "the values of " + route.source()
                            + " could not be looked at within ten seconds a question; one that does"
                            + " not fit stops the load"));
        } finally {
            session.rollback();
        }
    }
}
