package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Derivation;
import io.viridian.plan.Direction;
import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a rule leads to green its inverse leads back unchanged, on real rows: a sample of each table, and those with the
 * least and greatest values. A row that comes back as another one would be changed on blue by a rollback that was about
 * something else, and would keep the rollback's gates from passing: too late to find out. Inverses of
 * queries lead back what the query makes of a sample of its tables.
 */
final class InverseCheck implements Check {
    /** What one question may cost blue. */
    private static final String LIMITS = """
            set transaction isolation level repeatable read, read only;
            set local statement_timeout = '20s';
            set local lock_timeout = '2s'
            """;

    private static final String TIMED_OUT = "57014";

    /** Errors of data; what a rule does not take is told by {@link ValueCheck}. */
    private static final String ABOUT_A_VALUE = "22";

    /** Told by {@link ExpressionCheck}. */
    private static final String ABOUT_THE_EXPRESSION = "42";

    @Override
    public String id() {
        return "mapping.inverse";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        if (!context.reverse()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        try (Session session = context.on(Side.BLUE).open("check")) {
            for (Pair pair : pairs(context)) {
                long rows = context.shape(Side.BLUE, pair.there().source())
                        .map(shape -> shape.estimatedRows())
                        .orElse(-1L);
                InverseProbe probe = new InverseProbe(session, pair.there(), pair.back(), rows);
                List<Finding> sampled = look(session, probe, probe::sampled);
                findings.addAll(sampled.isEmpty() ? look(session, probe, probe::extreme) : sampled);
            }
            for (QueryInverseProbe probe : ofQueries(context, session)) {
                findings.addAll(look(session, probe, probe::sampled));
            }
        }
        return findings;
    }

    private static List<QueryInverseProbe> ofQueries(CheckContext context, Session session) {
        List<QueryInverseProbe> probes = new ArrayList<>();
        for (Derivation derivation : context.plan().derived()) {
            context.plan().routes(Direction.REVERSE).stream()
                    .filter(route -> route.source().equals(derivation.target()) && route.keyed())
                    .forEach(route -> probes.add(new QueryInverseProbe(session, derivation, route)));
        }
        return probes;
    }

    /** A rule and its inverse. */
    private record Pair(Route there, Route back) {}

    private static List<Pair> pairs(CheckContext context) {
        Map<List<TableName>, List<Route>> backs = new HashMap<>();
        context.plan()
                .routes(Direction.REVERSE)
                .forEach(route -> backs.computeIfAbsent(List.of(route.target(), route.source()), _ -> new ArrayList<>())
                        .add(route));
        List<Pair> pairs = new ArrayList<>();
        for (Route there : context.plan().forward()) {
            List<Route> left = backs.getOrDefault(List.of(there.source(), there.target()), new ArrayList<>());
            if (!left.isEmpty()) {
                pairs.add(new Pair(there, left.removeFirst()));
            }
        }
        return pairs;
    }

    private static List<Finding> look(Session session, RowProbe probe, Supplier<List<Finding>> question) {
        session.begin();
        try {
            session.execute(LIMITS);
            return question.get();
        } catch (FaultException failure) {
            String state = failure.fault().sqlState();
            if (state.startsWith(ABOUT_THE_EXPRESSION)) {
                return List.of();
            }
            if (state.startsWith(ABOUT_A_VALUE)) {
                return List.of(probe.failed(failure));
            }
            if (state.equals(TIMED_OUT)) {
                return List.of(probe.unknown());
            }
            throw failure;
        } finally {
            session.rollback();
        }
    }
}
