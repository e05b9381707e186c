package io.viridian.daemon.engine;

import io.viridian.control.PlanView;
import io.viridian.cutover.Closing;
import io.viridian.cutover.gate.PauseForecast;
import io.viridian.cutover.gate.PauseTerm;
import io.viridian.daemon.config.ConnectionSettings;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Catalog;
import io.viridian.plan.Derivation;
import io.viridian.plan.Direction;
import io.viridian.plan.Finding;
import io.viridian.plan.Inversion;
import io.viridian.plan.Plan;
import io.viridian.plan.Planned;
import io.viridian.plan.Route;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.replication.lane.LaneSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells what would happen, step by step, with statements. Reads both catalogs, changes nothing. */
public final class PlanViews {
    private final EngineParts parts;
    private final Optional<PauseForecast> forecast;
    private final PlanBinder binder;

    PlanViews(LiveMigration migration) {
        this(migration.parts(), migration.gateWatch().forecast());
    }

    /** Without a daemon nobody knows what a switch would cost now. */
    public PlanViews(EngineParts parts) {
        this(parts, Optional.empty());
    }

    private PlanViews(EngineParts parts, Optional<PauseForecast> forecast) {
        this.parts = parts;
        this.forecast = forecast;
        this.binder = new PlanBinder(parts);
    }

    public PlanView plan(String what) {
        Planned planned = binder.bind(false);
        return switch (what) {
            case "migration" -> migration(planned);
            case "cutover" -> switchover(planned, Direction.FORWARD, what);
            case "rollback" -> switchover(planned, Direction.REVERSE, what);
            case "finalize" -> finalizing(planned);
            default ->
                throw Fault.about(
                                FaultCode.USAGE,
                                what,
                                "there is no plan for '" + what + "'; ask for migration, cutover, rollback or finalize")
                        .asException();
        };
    }

    private PlanView migration(Planned planned) {
        Plan plan = planned.plan();
        List<PlanView.Step> steps = new ArrayList<>();
        steps.add(new PlanView.Step(
                "schema",
                "green's schema from " + parts.settings().schema().from().name().toLowerCase(java.util.Locale.ROOT)
                        + "; secondary indexes and constraints are built after the load",
                List.of(),
                ""));
        steps.add(new PlanView.Step(
                "control",
                "schema viridian with guard and progress on both sides, journal on "
                        + (parts.journalApart() ? "its own database" : "blue"),
                List.of("create schema viridian;"),
                ""));
        String slot = LaneSettings.originOf(parts.migration(), Direction.FORWARD);
        steps.add(new PlanView.Step(
                "stream",
                "publication and slot on blue",
                List.of(
                        "create publication " + slot + " for table "
                                + tables(plan, Side.BLUE)
                                + " with (publish = 'insert, update, delete, truncate', publish_via_partition_root = true);",
                        "select pg_create_logical_replication_slot('" + slot + "', 'pgoutput');"),
                ""));
        Catalog blue = parts.blue().query(CatalogReader::read);
        for (Route route : plan.forward()) {
            steps.add(copy(route, blue));
        }
        for (Derivation derivation : plan.derived()) {
            steps.add(derive(derivation));
        }
        Map<Route, Inversion> inversions =
                plan.inversions().stream().collect(Collectors.toMap(Inversion::back, Function.identity()));
        Map<TableName, Set<String>> read = new HashMap<>();
        for (Route route : plan.routes(Direction.REVERSE)) {
            route.columns()
                    .forEach(column -> read.computeIfAbsent(route.source(), _ -> new HashSet<>())
                            .addAll(column.reads()));
        }
        for (Route route : plan.routes(Direction.REVERSE)) {
            steps.add(back(
                    route,
                    Optional.ofNullable(inversions.get(route)),
                    read.getOrDefault(route.source(), Set.of()),
                    blue));
        }
        return new PlanView("migration", plan.hash(), steps, findings(planned));
    }

    private static PlanView.Step derive(Derivation derivation) {
        return new PlanView.Step(
                "derive " + derivation.target(),
                "filled from the mirrors "
                        + derivation.mirrors().stream()
                                .map(mirror -> mirror.table().toString())
                                .collect(Collectors.joining(", "))
                        + " when they are loaded, key " + derivation.into().key()
                        + "; afterwards kept with every change of them",
                List.of("insert into " + derivation.target().sql() + " ("
                        + Sql.identifiers(derivation.columns().stream()
                                .map(TargetColumn::name)
                                .toList()) + ") " + derivation.mirrored() + ";"),
                "derived: one statement, during which the stream waits");
    }

    /** What a rollback brings back of green's rows, and what it cannot. */
    private static PlanView.Step back(Route route, Optional<Inversion> inversion, Set<String> read, Catalog blue) {
        Set<String> led = new TreeSet<>(route.targetColumnNames());
        Set<String> kept = new TreeSet<>();
        blue.table(route.target())
                .ifPresent(shape -> shape.columns().stream()
                        .filter(column -> !column.generated() && !led.contains(column.name()))
                        .forEach(column -> kept.add(column.name())));
        Set<String> lost = new TreeSet<>(inversion.map(Inversion::irreversible).orElse(Set.of()));
        Set<String> computed = new TreeSet<>();
        inversion.ifPresent(
                one -> one.uncertain().stream().map(TargetColumn::name).forEach(computed::add));
        computed.removeAll(lost);
        Set<String> unread = new TreeSet<>(route.from().columnNames());
        unread.removeAll(read);
        unread.removeAll(lost);
        return new PlanView.Step(
                "back " + route.target(),
                "after the switch, " + route + ": leads back " + led
                        + (route.role() == Route.Role.GATHERED ? ", made of all rows of one" : "")
                        + (kept.isEmpty() ? "" : "; blue keeps what it has in " + kept)
                        + (computed.isEmpty() ? "" : "; computed there and back: " + computed)
                        + (unread.isEmpty() ? "" : "; stays on green: " + unread)
                        + (lost.isEmpty() ? "" : "; irreversible: " + lost),
                List.of(insert(route)),
                "");
    }

    /** What a rule costs: rows, bytes, and what has to be done to each. */
    private static String estimate(Route route, Catalog blue) {
        long computed = route.columns().stream()
                .filter(column -> !column.reads().isEmpty())
                .filter(column -> !column.expression().matches("\\w+\\.(\\w+|\"[^\"]+\")"))
                .count();
        String kind = route.target().schema().equals(Derivation.SCHEMA)
                ? "mirrored: green holds a second copy until the migration ends"
                : route.expansion().isPresent()
                        ? "expanded: one row becomes as many as "
                                + route.expansion().orElseThrow().sql() + " gives"
                        : computed == 0
                                ? "direct"
                                : "computed: " + computed + " of "
                                        + route.columns().size() + " columns";
        return blue.table(route.source())
                .map(shape ->
                        (shape.estimatedRows() < 0 ? "never analyzed" : "about " + shape.estimatedRows() + " rows")
                                + ", " + shape.bytes() + " bytes on blue; " + kind)
                .orElse(kind);
    }

    private static PlanView.Step copy(Route route, Catalog blue) {
        return new PlanView.Step(
                "copy " + route.source(),
                route + (route.keyed() ? ", key " + route.targetKey() : ", rows without a key"),
                List.of(insert(route)),
                estimate(route, blue));
    }

    private static String insert(Route route) {
        String where = route.filter().map(filter -> " where (" + filter + ")").orElse("");
        return "insert into " + route.target().sql() + " (" + String.join(", ", route.targetColumnNames()) + ") select "
                + route.selectList() + " from " + route.source().sql() + " as " + route.alias() + route.lateral()
                + where + route.grouping() + ";";
    }

    private PlanView switchover(Planned planned, Direction direction, String what) {
        Plan plan = planned.plan();
        String from = direction.source().text();
        String to = direction.target().text();
        List<PlanView.Step> steps = new ArrayList<>();
        for (SwitchStep step : SwitchStep.values()) {
            steps.add(
                    switch (step) {
                        case FENCE ->
                            new PlanView.Step(
                                    step.name(),
                                    "lock the tables on " + from + "; writers wait",
                                    List.of("lock table " + tables(plan, direction.source())
                                            + " in share row exclusive mode;"),
                                    estimate(step));
                        case DRAIN ->
                            new PlanView.Step(
                                    step.name(),
                                    "wait until a marker written after the lock is committed on " + to,
                                    List.of("select pg_logical_emit_message(true, 'viridian', …);"),
                                    estimate(step));
                        case VERIFY ->
                            new PlanView.Step(
                                    step.name(),
                                    "compare the rows touched since the last verification",
                                    List.of(),
                                    estimate(step));
                        case SEQUENCES ->
                            new PlanView.Step(
                                    step.name(),
                                    "move " + plan.sequences().size() + " sequences of " + to + " past those of "
                                            + from,
                                    plan.sequences().stream()
                                            .map(pair -> "select setval('"
                                                    + pair.on(direction.target())
                                                            .sql() + "', …);")
                                            .toList(),
                                    estimate(step));
                        case REVERSE ->
                            new PlanView.Step(
                                    step.name(),
                                    "see a marker come through the stream from " + to,
                                    List.of(),
                                    estimate(step));
                        case COMMIT -> closesSessions(direction) ? sessionsClose() : guardCloses(from);
                        case OPEN ->
                            new PlanView.Step(
                                    step.name(),
                                    "open the guard on " + to + "; writes flow again",
                                    List.of("create or replace function viridian.guard() …;"),
                                    estimate(step));
                        case ROUTE ->
                            new PlanView.Step(
                                    step.name(),
                                    "lead the applications to " + to + ": "
                                            + parts.settings().cutover().traffic() + probes(),
                                    List.of(),
                                    estimate(step));
                    });
        }
        List<Finding> findings = new ArrayList<>(findings(planned));
        if (direction == Direction.REVERSE) {
            parts.blue()
                    .query(blue -> RollbackLoss.read(blue, parts.migration()))
                    .ifPresent(findings::addFirst);
        }
        return new PlanView(what, plan.hash(), steps, findings);
    }

    /** How long it is to be expected to keep the writers waiting; empty while nobody knows. */
    private String estimate(SwitchStep step) {
        return forecast.stream()
                .flatMap(one -> one.terms().stream())
                .filter(term -> term.step() == step)
                .findFirst()
                .map(PauseTerm::words)
                .orElse("");
    }

    private PlanView.Step guardCloses(String from) {
        return new PlanView.Step(
                SwitchStep.COMMIT.name(),
                "one transaction on " + from + ": close the guard and hand over the ownership; the point of no return",
                List.of("create or replace function viridian.guard() …;", "update viridian.ownership …;"),
                estimate(SwitchStep.COMMIT));
    }

    private PlanView.Step sessionsClose() {
        return new PlanView.Step(
                SwitchStep.COMMIT.name(),
                "one transaction on blue, while the locks are held: hand over the ownership, and let new sessions begin"
                        + " read-only; the point of no return. Then the sessions of before are ended, and only then are"
                        + " the locks let go. Weaker than a guard: a session that sets transaction_read_only off for"
                        + " itself, a role with a default of its own and a superuser write on blue still, and nothing but"
                        + " the stream sees it",
                List.of(
                        "alter database … set default_transaction_read_only = on;",
                        "update viridian.ownership …;",
                        "select pg_terminate_backend(pid) from pg_stat_activity …;"),
                estimate(SwitchStep.COMMIT));
    }

    private boolean closesSessions(Direction direction) {
        return direction == Direction.FORWARD && Wiring.closing(parts) == Closing.SESSIONS;
    }

    private String probes() {
        List<ConnectionSettings> probes = parts.settings().cutover().probe();
        return probes.isEmpty()
                ? ""
                : "; and prove it by "
                        + probes.stream().map(ConnectionSettings::displayName).toList();
    }

    private PlanView finalizing(Planned planned) {
        List<PlanView.Step> steps = List.of(
                new PlanView.Step("streams", "end both streams; rollback becomes impossible", List.of(), ""),
                new PlanView.Step(
                        "slots",
                        "drop slots, publications and origins on both sides",
                        List.of("select pg_drop_replication_slot(…);", "drop publication …;"),
                        ""),
                new PlanView.Step(
                        "green", "remove guard and control schema", List.of("drop schema viridian cascade;"), ""),
                new PlanView.Step(
                        "blue",
                        "remove guard, event triggers, control schema and journal; the report stays in "
                                + parts.settings().migrationDir(),
                        List.of("drop schema viridian cascade;"),
                        ""));
        return new PlanView("finalize", planned.plan().hash(), steps, findings(planned));
    }

    private static List<Finding> findings(Planned planned) {
        return planned.findings();
    }

    private static String tables(Plan plan, Side side) {
        return plan.tablesOn(side).stream().map(TableName::sql).collect(Collectors.joining(", "));
    }
}
