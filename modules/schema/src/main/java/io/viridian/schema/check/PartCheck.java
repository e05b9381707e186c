package io.viridian.schema.check;

import io.viridian.plan.ExpressionScan;
import io.viridian.plan.Finding;
import io.viridian.plan.Inversion;
import io.viridian.plan.Route;
import io.viridian.plan.Side;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A row of blue without the values of a part has no row of the part: its {@code where:} is not true when they are all
 * empty. Otherwise a part that is gone on green would be there again after a rollback and the next cutover. A condition
 * that reads nothing else is proven by its value for no values; another one is looked at with the other values of
 * every row that blue has now.
 */
final class PartCheck implements Check {
    @Override
    public String id() {
        return "mapping.part";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        if (!context.reverse()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        try (Session session = context.on(Side.BLUE).open("check")) {
            TimedLook look = new TimedLook(session, "mapping.part-unknown");
            for (Inversion rule : context.plan().inversions()) {
                Route there = rule.there();
                if (rule.back().role() == Route.Role.PART && there.filter().isPresent()) {
                    look.at(
                                    there.source(),
                                    "whether rows of " + there.source() + " could be there for " + there.target()
                                            + " without having values for it could not be looked at within half a"
                                            + " minute; one that is gone on green would be there again after a rollback",
                                    () -> whole(session, there, rule.back()))
                            .ifPresent(findings::add);
                }
            }
        }
        return findings;
    }

    /** A row that the rule takes although it has none of the part's values. */
    private static Optional<Finding> whole(Session session, Route there, Route back) {
        Set<String> values =
                back.valueColumns().stream().map(TargetColumn::name).collect(Collectors.toSet());
        String filter = there.filter().orElseThrow();
        Set<String> names =
                there.sourceColumns().stream().map(SourceColumn::name).collect(Collectors.toSet());
        boolean alone = values.containsAll(ExpressionScan.reads(filter, there.alias(), names));
        String row = there.sourceColumns().stream()
                .filter(column -> !alone || values.contains(column.name()))
                .map(column -> (values.contains(column.name())
                                ? "null::" + column.type().sql()
                                : "s." + quoted(column)) + " as " + quoted(column))
                .collect(Collectors.joining(", "));
        String alias = Sql.identifier(there.alias());
        String which = alone
                ? "''"
                : there.sourceKey().stream()
                        .map(column -> alias + "." + Sql.identifier(column))
                        .collect(Collectors.joining(", ", "row(", ")::text"));
        return session.first(
                        "select " + which + " from (select " + row
                                + (alone ? "" : " from " + there.source().sql() + " as s") + ") as " + alias
                                + " where (" + filter + "\n) limit 1",
                        found -> found.text(1))
                .map(key -> Finding.refused(
                        "mapping.part",
                        there.target().toString(),
                        (alone ? "a row" : "row " + key) + " of " + there.source() + " would have a row of "
                                + there.target() + " also without "
                                + values.stream().sorted().toList()
                                + ", so one that is gone on green would be there again after a rollback",
                        "let where: of the rule be false where these are all empty, or set reverse.enabled: false"));
    }

    private static String quoted(SourceColumn column) {
        return Sql.identifier(column.name());
    }
}
