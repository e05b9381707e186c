package io.viridian.schema.check;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.Side;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.SqlLexer;
import io.viridian.plan.TargetColumn;
import io.viridian.postgres.Session;
import io.viridian.schema.green.SchemaOrigin;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every expression and filter means something on both servers, has a type that fits, and is immutable: the load
 * evaluates it on the source, the stream on the target, and both must agree whenever they do. The server is asked by
 * using the expression in an index predicate on an empty temporary table of the row's shape, where it must be immutable
 * (manual 14-18, CREATE INDEX).
 */
final class ExpressionCheck implements Check {
    private static final String NOT_IMMUTABLE = "42P17";

    private static final String MISSING_TYPES =
            "select name from unnest(?::text[]) with ordinality t(name, n) where to_regtype(name) is null order by n";

    @Override
    public String id() {
        return "mapping.expression";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        List<Route> routes = context.directions().stream()
                .flatMap(direction -> context.plan().routes(direction).stream())
                .filter(route -> context.shape(route.direction().source(), route.source())
                        .isPresent())
                .toList();
        routes.forEach(route -> refuseQuestionMarks(route, findings));
        for (Side side : Side.values()) {
            try (Session session = context.on(side).open("check")) {
                routes.forEach(route -> check(context, session, route, findings));
            }
        }
        return findings.stream().distinct().toList();
    }

    /** The driver takes a question mark outside quotes for a parameter. */
    private static void refuseQuestionMarks(Route route, List<Finding> findings) {
        route.columns().forEach(column -> refuseQuestionMark(name(route, column), column.expression(), findings));
        route.filter().ifPresent(filter -> refuseQuestionMark(name(route), filter, findings));
        route.owned().ifPresent(owned -> refuseQuestionMark(name(route), owned, findings));
    }

    private static void refuseQuestionMark(String object, String expression, List<Finding> findings) {
        for (int at = 0; at < expression.length(); at = SqlLexer.afterToken(expression, at)) {
            if (expression.charAt(at) == '?') {
                findings.add(Finding.refused(
                        "mapping.question-mark",
                        object,
                        "the expression of " + object + " uses an operator with a question mark: " + expression,
                        "write it as a function: jsonb_exists, jsonb_exists_any or jsonb_exists_all"));
                return;
            }
        }
    }

    private static void check(CheckContext context, Session session, Route route, List<Finding> findings) {
        boolean targetThere =
                context.shape(route.direction().target(), route.target()).isPresent();
        List<String> missing = missingTypes(session, route, targetThere);
        boolean mayComeYet = session.side() == Side.GREEN && !(context.schema() instanceof SchemaOrigin.None);
        RouteScope scope = new RouteScope(route);
        if (!missing.isEmpty()) {
            findings.add(
                    mayComeYet && !context.begun() ? later(route, missing) : missing(route, session.side(), missing));
        } else if (!scope.copiedThroughout()) {
            session.begin();
            session.execute(rowShape(route));
            Probe probe = new Probe(session, Sql.identifier(route.alias()), findings);
            Optional<ExpansionProbe> expanded = route.expansion()
                    .map(expansion -> new ExpansionProbe(session, route, expansion, findings))
                    .filter(ExpansionProbe::prepare);
            for (TargetColumn column : route.columns()) {
                boolean fedByExpansion = route.expansion()
                        .filter(one -> one.fed().contains(column.name()))
                        .isPresent();
                // Before green's table exists its types are guessed, and a cast to a guess proves nothing.
                String value = targetThere ? column.castExpression() : "(" + column.expression() + ")";
                if (fedByExpansion) {
                    expanded.ifPresent(one -> new Probe(session, ExpansionProbe.TABLE, findings)
                            .ask(name(route, column), column.expression(), one.bare(value) + " is null"));
                } else if (route.role() == Route.Role.GATHERED
                        && !route.targetKey().contains(column.name())) {
                    new GatherProbe(session, route.alias(), findings)
                            .ask(name(route, column), column.expression(), value);
                } else if (!scope.copied(column)) {
                    probe.ask(name(route, column), column.expression(), value + " is null");
                }
            }
            route.filter().ifPresent(filter -> probe.ask(name(route), filter, "(" + filter + ")"));
            session.rollback();
        }
        if (missing.isEmpty()
                && targetThere
                && route.direction() == Direction.FORWARD
                && !context.refused(route.target())) {
            route.owned().ifPresent(owned -> checkOwned(session, route, owned, findings));
        }
    }

    /** What says whose a row of green is reads that row. */
    private static void checkOwned(Session session, Route route, String owned, List<Finding> findings) {
        session.begin();
        session.execute("create temp table t ("
                + route.columns().stream()
                        .map(column -> Sql.identifier(column.name()) + " "
                                + column.type().sql())
                        .collect(Collectors.joining(", "))
                + ")");
        new Probe(session, "t", findings).ask(name(route), owned, "(" + owned + ")");
        session.rollback();
    }

    private static List<String> missingTypes(Session session, Route route, boolean targetThere) {
        Set<String> types = new LinkedHashSet<>();
        route.sourceColumns().forEach(column -> types.add(column.type().sql()));
        if (targetThere) {
            route.columns().forEach(column -> types.add(column.type().sql()));
        }
        return session.list(MISSING_TYPES, row -> row.text(1), (Object) types.toArray(String[]::new));
    }

    private static Finding later(Route route, List<String> types) {
        return Finding.note(
                "mapping.checked-later",
                name(route),
                "what " + route.source() + " gives to " + route.target()
                        + " can be checked on green only when it has type " + String.join(", ", types)
                        + "; that is done before the load");
    }

    private static Finding missing(Route route, Side side, List<String> types) {
        return Finding.refused(
                "mapping.type",
                name(route),
                "rows travel from " + route.source() + " to " + route.target() + " with type "
                        + String.join(", ", types) + ", which " + side.text() + " does not have",
                "create the type on " + side.text() + " under the same name, or use a built-in type on both sides");
    }

    private static String rowShape(Route route) {
        return "create temp table " + Sql.identifier(route.alias()) + " ("
                + route.sourceColumns().stream()
                        .map(ExpressionCheck::definition)
                        .collect(Collectors.joining(", "))
                + ")";
    }

    private static String definition(SourceColumn column) {
        return Sql.identifier(column.name()) + " " + column.type().sql();
    }

    /** Asks the server about one expression after the other, each within a savepoint. */
    private record Probe(Session session, String table, List<Finding> findings) {
        void ask(String object, String expression, String predicate) {
            session.execute("savepoint probe");
            try {
                session.execute("create index on " + table + " ((1)) where " + predicate);
            } catch (FaultException failure) {
                findings.add(refused(session.side(), object, expression, failure));
            }
            session.execute("rollback to savepoint probe");
        }
    }

    /** What the server said about an expression; throws what it did not say about that. */
    static Finding refused(Side side, String object, String expression, FaultException failure) {
        if (failure.code() != FaultCode.BLUE_FAILED && failure.code() != FaultCode.GREEN_FAILED) {
            throw failure;
        }
        String state = failure.fault().sqlState();
        if (state.equals(NOT_IMMUTABLE)) {
            return Finding.refused(
                    "mapping.not-immutable",
                    object,
                    "the expression of " + object + " is not immutable, so two evaluations can differ: " + expression,
                    "compute it from the row alone; for times write … at time zone 'UTC', for texts name the format");
        }
        return Finding.refused(
                "mapping.expression",
                object,
                "the expression of " + object + " cannot be evaluated on " + side.text() + ": " + expression + " ("
                        + said(failure) + ") [SQLSTATE " + state + "]",
                "correct it in the mapping");
    }

    /** The server's message without ours around it. */
    static String said(FaultException failure) {
        return failure.fault().detail().replaceFirst("^\\w+ said: ", "").replaceFirst("; while doing: .*", "");
    }

    private static String name(Route route, TargetColumn column) {
        return route.target() + "." + column.name();
    }

    private static String name(Route route) {
        return route.target().toString();
    }
}
