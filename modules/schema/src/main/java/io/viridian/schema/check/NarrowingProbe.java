package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks for numbers outside the range of a narrower integer on green, over the whole table if the time allows. */
final class NarrowingProbe {
    private static final Map<String, Range> INTEGERS = Map.of(
            "int2", new Range("-32768", "32767"),
            "int4", new Range("-2147483648", "2147483647"),
            "int8", new Range("-9223372036854775808", "9223372036854775807"));

    /** From wide to narrow; a number moves towards the end of this list at its own risk. */
    private static final List<String> WIDTHS = List.of("float8", "float4", "numeric", "int8", "int4", "int2");

    private final Session session;
    private final Route route;

    NarrowingProbe(Session session, Route route) {
        this.session = session;
        this.route = route;
    }

    private record Range(String least, String most) {}

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        RouteScope scope = new RouteScope(route);
        for (TargetColumn column : route.columns()) {
            scope.plainSource(column)
                    .filter(source -> narrows(source, column))
                    .flatMap(source -> outside(source, column))
                    .ifPresent(findings::add);
        }
        return findings;
    }

    private static boolean narrows(SourceColumn source, TargetColumn target) {
        return source.type().isBuiltIn()
                && target.type().isBuiltIn()
                && INTEGERS.containsKey(target.type().name())
                && WIDTHS.contains(source.type().name())
                && WIDTHS.indexOf(source.type().name())
                        < WIDTHS.indexOf(target.type().name());
    }

    /** The extremes cost nothing where there is an index; the row is looked for only when they are out of range. */
    private Optional<Finding> outside(SourceColumn source, TargetColumn target) {
        Range range = Optional.ofNullable(INTEGERS.get(target.type().name())).orElseThrow();
        String value = Sql.identifier(route.alias()) + "." + Sql.identifier(source.name()) + "::numeric";
        String from = " from " + route.source().sql() + " as " + Sql.identifier(route.alias()) + " where "
                + route.filter().map(filter -> "(" + filter + ")").orElse("true");
        String column = Sql.identifier(route.alias()) + "." + Sql.identifier(source.name());
        boolean fits = session.one(
                "select coalesce(min(" + column + ")::numeric >= " + range.least() + " and max(" + column
                        + ")::numeric <= " + range.most() + ", true)" + from,
                row -> row.truth(1));
        if (fits) {
            return Optional.empty();
        }
        String key = route.sourceKey().isEmpty()
                ? Sql.literal("ctid=") + " || ctid"
                : route.sourceKey().stream()
                        .map(name -> Sql.literal(name + "=") + " || " + Sql.identifier(name))
                        .collect(Collectors.joining(", "));
        return session.first(
                "select concat_ws(', ', " + key + "), " + value + "::text" + from + " and " + value + " not between "
                        + range.least() + " and " + range.most() + " limit 1",
                row -> Finding.refused(
                        "mapping.value",
                        route.target() + "." + target.name(),
                        "row " + row.text(1) + " of " + route.source() + " does not fit " + route.target() + "."
                                + target.name() + ": " + row.text(2) + " is out of range for " + target.type(),
                        "mend the row on blue, or widen the column on green"));
    }
}
