package io.viridian.schema.check;

import io.viridian.feed.CaptureLimits;
import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planner;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.schema.TwoDatabases;
import io.viridian.schema.green.SchemaOrigin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a check is told, in the words of a test; bound to the catalogs when a check runs. */
record CheckWorld(TwoDatabases databases, MappingSpec mapping, Intent intent, List<Path> programs) {
    static CheckWorld of(TwoDatabases databases) {
        return new CheckWorld(
                databases,
                MappingSpec.everythingAsItIs(),
                new Intent(new SchemaOrigin.None(), false, CaptureLimits.none("pgoutput"), false, false),
                List.of());
    }

    CheckWorld with(MappingSpec other) {
        return new CheckWorld(databases, other, intent, programs);
    }

    CheckWorld from(SchemaOrigin other) {
        return with(new Intent(other, intent.reverse(), intent.capture(), intent.begun(), intent.sessionsClosed()));
    }

    CheckWorld reversible() {
        return with(new Intent(intent.schema(), true, intent.capture(), intent.begun(), intent.sessionsClosed()));
    }

    CheckWorld underWay() {
        return with(new Intent(intent.schema(), intent.reverse(), intent.capture(), true, intent.sessionsClosed()));
    }

    CheckWorld closedBySessions() {
        return with(new Intent(intent.schema(), intent.reverse(), intent.capture(), intent.begun(), true));
    }

    CheckWorld readBy(CaptureLimits engine) {
        return with(new Intent(intent.schema(), intent.reverse(), engine, intent.begun(), intent.sessionsClosed()));
    }

    private CheckWorld with(Intent other) {
        return new CheckWorld(databases, mapping, other, programs);
    }

    CheckWorld withPrograms(List<Path> places) {
        return new CheckWorld(databases, mapping, intent, places);
    }

    /** One rule from a blue table to a green one. */
    static MappingSpec rule(String from, String alias, String to, Map<String, String> columns) {
        return rule(from, alias, to, Optional.empty(), columns);
    }

    static MappingSpec rule(String from, String alias, String to, Optional<String> where, Map<String, String> columns) {
        List<MappingSpec.Assignment> assignments = columns.entrySet().stream()
                .map(entry -> new MappingSpec.Assignment(entry.getKey(), entry.getValue()))
                .toList();
        MappingSpec.Rule rule = new MappingSpec.Rule(TableName.parse(from), alias, where, assignments, List.of());
        return new MappingSpec(
                List.of(new MappingSpec.Target(TableName.parse(to), List.of(rule))), Map.of(), List.of(), List.of());
    }

    CheckContext context() {
        return context(databases.blue(), databases.green());
    }

    /** As other users see the databases; the plan is the superuser's. */
    CheckContext context(Database blue, Database green) {
        boolean complete = intent.schema() instanceof SchemaOrigin.None;
        PlanRequest plain = databases.request(mapping, complete, intent.reverse());
        PlanRequest request = new PlanRequest(
                plain.migration(),
                plain.include(),
                plain.exclude(),
                mapping,
                plain.blue(),
                plain.green(),
                DerivedQueries.of(mapping, databases.blue()).understood(),
                complete,
                intent.reverse());
        return new CheckContext(blue, green, Planner.plan(request), intent, programs);
    }

    List<Finding> run(Check check) throws InterruptedException {
        return Preflight.run(check, context());
    }
}
