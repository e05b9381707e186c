package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.Route;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sends a sample of a table's rows through the expressions; when that fails, finds the first row and its columns. */
final class SampleProbe {
    /** Errors of data and of constraints (manual 14-18, appendix A). */
    private static final List<String> ABOUT_A_ROW = List.of("22", "23");

    /** Told by {@link ExpressionCheck}. */
    private static final String ABOUT_THE_EXPRESSION = "42";

    private static final int ROWS = 1000;

    /** In pages picked at random rows come in bunches; twice as many as needed are aimed at. */
    private static final double AIM = 2.0 * ROWS;

    private final Session session;
    private final Route route;
    private final FedColumns columns;

    SampleProbe(Session session, Route route, FedColumns columns) {
        this.session = session;
        this.route = route;
        this.columns = columns;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (String leaf : columns.leaves()) {
            List<String> rows = sample(leaf);
            if (!rows.isEmpty() && refusal(columns, leaf, rows).isPresent()) {
                String row = first(leaf, rows);
                for (FedColumns.Column column : columns.columns()) {
                    refusal(columns.only(column), leaf, List.of(row))
                            .ifPresent(failure -> findings.add(refused(column, key(leaf, row), failure)));
                }
                break;
            }
        }
        return findings;
    }

    /** Places of some rows. The snapshot of the transaction keeps them where they are. */
    private List<String> sample(String leaf) {
        double percent = 100 * AIM / Math.max(1, columns.estimatedRows());
        String pages = percent < 100 ? " tablesample system (" + percent + ")" : "";
        List<String> found = places(leaf + pages);
        return found.isEmpty() && !pages.isEmpty() ? places(leaf) : found;
    }

    private List<String> places(String from) {
        return session.list("select ctid::text from only " + from + " limit " + ROWS, row -> row.text(1));
    }

    /** Halves the rows until one is left that is refused. */
    private String first(String leaf, List<String> rows) {
        List<String> suspects = rows;
        while (suspects.size() > 1) {
            int half = suspects.size() / 2;
            List<String> front = suspects.subList(0, half);
            suspects = refusal(columns, leaf, front).isPresent() ? front : suspects.subList(half, suspects.size());
        }
        return suspects.getFirst();
    }

    /** What the server says when these rows are put into columns like green's. */
    private Optional<FaultException> refusal(FedColumns into, String leaf, List<String> rows) {
        String places = rows.stream().map(place -> '"' + place + '"').collect(Collectors.joining(","));
        session.execute("savepoint probe");
        try {
            session.execute("create temp table viridian_probe (" + into.definitions()
                    + "); insert into viridian_probe ("
                    + into.names() + ") select " + into.expressions() + " from only " + leaf + " as "
                    + Sql.identifier(route.alias()) + route.lateral() + " where " + Sql.identifier(route.alias())
                    + ".ctid = any ('{"
                    + places + "}'::tid[])"
                    + route.filter().map(filter -> " and (" + filter + ")").orElse(""));
            return Optional.empty();
        } catch (FaultException failure) {
            String state = failure.fault().sqlState();
            if (ABOUT_A_ROW.stream().anyMatch(state::startsWith)) {
                return Optional.of(failure);
            }
            if (state.startsWith(ABOUT_THE_EXPRESSION)) {
                return Optional.empty();
            }
            throw failure;
        } finally {
            session.execute("rollback to savepoint probe");
        }
    }

    private String key(String leaf, String place) {
        if (route.sourceKey().isEmpty()) {
            return "ctid=" + place;
        }
        String parts = route.sourceKey().stream()
                .map(column -> Sql.literal(column + "=") + " || " + Sql.identifier(column))
                .collect(Collectors.joining(", "));
        return session.one(
                "select concat_ws(', ', " + parts + ") from only " + leaf + " where ctid = '" + place + "'",
                row -> row.text(1));
    }

    private Finding refused(FedColumns.Column column, String key, FaultException failure) {
        return Finding.refused(
                "mapping.value",
                route.target() + "." + column.target().name(),
                "row " + key + " of " + route.source() + " does not fit " + route.target() + "."
                        + column.target().name() + ": " + ExpressionCheck.said(failure) + "; the expression is "
                        + column.target().expression(),
                "mend the row on blue, widen the column on green, or change the expression; only a sample was looked at");
    }
}
