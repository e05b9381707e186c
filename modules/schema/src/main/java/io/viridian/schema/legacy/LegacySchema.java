package io.viridian.schema.legacy;

import io.viridian.fault.FaultException;
import io.viridian.plan.Catalog;
import io.viridian.plan.ColumnShape;
import io.viridian.plan.Derivation;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.SequenceName;
import io.viridian.plan.SequencePair;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blue's schemas on green, each under a name of its own with views for its tables: an application that knows the old
 * schema needs another {@code search_path} and nothing else. It stays when the migration is finalized, until somebody
 * drops it. For the conductor's thread.
 */
public final class LegacySchema {
    private static final Logger LOG = LoggerFactory.getLogger(LegacySchema.class);

    private final Database blue;
    private final Database green;
    private final String migration;
    private final String prefix;

    /**
     * A migration's old schemas.
     *
     * @param prefix what comes before the name of blue's schema
     */
    public LegacySchema(Database blue, Database green, String migration, String prefix) {
        this.blue = blue;
        this.green = green;
        this.migration = migration;
        this.prefix = prefix;
    }

    /** How many tables are offered, and which are not. */
    public record Offer(int offered, List<String> withheld) {
        public Offer {
            withheld = List.copyOf(withheld);
        }

        /** What there is and what is not, for people. */
        public String words() {
            String there = offered + " of blue's tables are views on green";
            return withheld.isEmpty() ? there : there + "; not offered: " + String.join("; ", withheld);
        }
    }

    /** Where a table's rows are, or why there can be no view. */
    private record Draft(BlueTable table, Optional<LegacyRows> rows, String reason) {
        static Draft of(BlueTable table, List<LegacyRows.Way> ways, List<LegacyRows.Way> besides, List<Route> backs) {
            return new Draft(table, Optional.of(new LegacyRows(ways, besides, backs, Optional.empty(), Map.of())), "");
        }

        static Draft none(BlueTable table, String reason) {
            return new Draft(table, Optional.empty(), reason);
        }
    }

    /**
     * Makes what is not there, in one transaction. A table whose view green refuses is left out, with its reason.
     *
     * @param plan with the way back of all routes that have one, whether the migration uses it or not
     * @param catalog green's
     * @throws FaultException with GREEN_FAILED when a schema of that name is there already
     */
    public Offer install(Plan plan, Catalog catalog) {
        Set<TableName> names = new TreeSet<>(plan.tablesOn(Side.BLUE));
        List<BlueTable> tables = blue.query(session -> BlueTable.read(session, names));
        return green.transaction(session -> {
            LegacyControl.create(session);
            if (LegacyControl.schemas(session, migration).isEmpty()) {
                make(session, plan, catalog, tables);
            }
            return offer(session);
        });
    }

    private Offer offer(Session session) {
        List<LegacyObject> objects = LegacyObject.read(session).stream()
                .filter(one -> one.migration().equals(migration))
                .toList();
        List<String> withheld = objects.stream()
                .filter(one -> !one.offered())
                .map(one -> one.source() + ": " + one.reason())
                .toList();
        return new Offer(objects.size() - withheld.size(), withheld);
    }

    private void make(Session session, Plan plan, Catalog catalog, List<BlueTable> tables) {
        Set<String> schemas = new TreeSet<>();
        tables.forEach(table -> schemas.add(table.name().schema()));
        schemas.forEach(schema -> session.execute("create schema " + Sql.identifier(prefix + schema)));
        Map<SequenceName, SequenceName> sequences = plan.sequences().stream()
                .collect(Collectors.toMap(SequencePair::blue, SequencePair::green, (first, _) -> first));
        Set<String> roles = new HashSet<>(session.list("select rolname from pg_roles", row -> row.text(1)));
        LegacyControl.prepareTurns(session, migration);
        Map<TableName, Draft> drafts = new LinkedHashMap<>();
        tables.forEach(table -> drafts.put(table.name(), draft(plan, table)));
        makePlainViews(session, plan, drafts, sequences);
        for (Draft one : List.copyOf(drafts.values())) {
            BlueTable table = one.table();
            TableName view = view(table.name());
            long number = LegacyControl.add(session, migration, table.name(), view);
            Draft draft = completed(one, plan, drafts);
            if (draft.rows().isEmpty()) {
                LegacyControl.settle(session, number, "NONE", draft.reason());
                continue;
            }
            LegacyRows rows = draft.rows().get();
            LegacyView made = new LegacyView(
                    table,
                    view,
                    rows,
                    sequences,
                    numbered(catalog, rows.backs().getFirst().source()),
                    LegacyControl.used(number));
            List<String> statements = new ArrayList<>(made.statements());
            statements.addAll(grants(table, view, sequences, roles));
            String refused = attempt(session, statements);
            LegacyControl.settle(
                    session, number, refused.isEmpty() ? made.writes().name() : "NONE", refused);
        }
    }

    /** Those that derived targets are computed from; a table for which green refuses one gets no other either. */
    private void makePlainViews(
            Session session, Plan plan, Map<TableName, Draft> drafts, Map<SequenceName, SequenceName> sequences) {
        for (Draft draft : List.copyOf(drafts.values())) {
            TableName name = draft.table().name();
            if (draft.rows().isEmpty() || plan.derived().stream().noneMatch(one -> one.reads(name))) {
                continue;
            }
            LegacyView made =
                    new LegacyView(draft.table(), plainView(name), draft.rows().get(), sequences, Set.of(), "true");
            String refused = attempt(session, List.of(made.viewStatement()));
            if (!refused.isEmpty()) {
                drafts.put(name, Draft.none(draft.table(), refused));
            }
        }
    }

    /** With what depends on other tables' views. */
    private Draft completed(Draft draft, Plan plan, Map<TableName, Draft> drafts) {
        TableName name = draft.table().name();
        if (draft.rows().isEmpty()) {
            return draft;
        }
        LegacyRows rows = draft.rows().get();
        Map<BlueTable.Dependent, TableName> dependents = new LinkedHashMap<>();
        draft.table().dependents().stream()
                .filter(one -> drafts.containsKey(one.table()))
                .forEach(one -> dependents.put(one, view(one.table())));
        List<Derivation> derivations =
                plan.derived().stream().filter(one -> one.reads(name)).toList();
        if (derivations.isEmpty()) {
            return new Draft(
                    draft.table(),
                    Optional.of(
                            new LegacyRows(rows.ways(), rows.besides(), rows.backs(), Optional.empty(), dependents)),
                    "");
        }
        for (Derivation derivation : derivations) {
            for (Derivation.Mirror mirror : derivation.mirrors()) {
                Draft other = drafts.get(mirror.source().name());
                if (other == null || other.rows().isEmpty()) {
                    return Draft.none(
                            draft.table(),
                            derivation.target() + " is computed from it and from "
                                    + mirror.source().name() + ", which has no view");
                }
            }
        }
        Set<TableName> owners =
                rows.ways().isEmpty() ? rows.backs().stream().map(Route::source).collect(Collectors.toSet()) : Set.of();
        LegacyRows.Derived derived = new LegacyRows.Derived(
                new DerivedWrites(
                        name,
                        rows.key(),
                        derivations,
                        owners,
                        table -> plainView(table).sql()),
                LegacyControl.turn(migration));
        return new Draft(
                draft.table(),
                Optional.of(
                        new LegacyRows(rows.ways(), rows.besides(), rows.backs(), Optional.of(derived), dependents)),
                "");
    }

    private TableName plainView(TableName table) {
        return new TableName(prefix + table.schema(), table.name() + " as it is");
    }

    private TableName view(TableName table) {
        return new TableName(prefix + table.schema(), table.name());
    }

    /** Empty when all went well; else why green refused, with nothing left of it. */
    private static String attempt(Session session, List<String> statements) {
        session.execute("savepoint before_view");
        try {
            statements.forEach(session::execute);
            session.execute("release savepoint before_view");
            return "";
        } catch (FaultException refused) {
            if (refused.fault().sqlState().isEmpty()) {
                throw refused;
            }
            session.execute("rollback to savepoint before_view");
            LOG.warn("No view for the old schema: {}", refused.fault().sentence());
            return "green refused it: " + refused.fault().detail();
        }
    }

    private static Draft draft(Plan plan, BlueTable table) {
        List<Route> there = plan.forward().stream()
                .filter(route -> route.source().equals(table.name()))
                .filter(route -> !route.target().schema().equals(Derivation.SCHEMA))
                .toList();
        List<Route> back = new ArrayList<>(plan.routes(Direction.REVERSE).stream()
                .filter(route -> route.target().equals(table.name()))
                .toList());
        if (there.isEmpty()) {
            return back.isEmpty() || back.stream().anyMatch(route -> !route.keyed())
                    ? Draft.none(table, "only queries read it, and nothing leads their rows back")
                    : Draft.of(table, List.of(), List.of(), back);
        }
        List<LegacyRows.Way> ways = new ArrayList<>();
        List<LegacyRows.Way> besides = new ArrayList<>();
        for (Route route : there) {
            Optional<Route> its = back.stream()
                    .filter(one -> one.source().equals(route.target()))
                    .findFirst();
            if (its.isEmpty()) {
                return Draft.none(table, "nothing leads rows of " + route.target() + " back to it");
            }
            back.remove(its.get());
            (its.get().besides() ? besides : ways).add(new LegacyRows.Way(route, its.get()));
        }
        if (ways.isEmpty()) {
            return Draft.none(table, "nothing leads its rows themselves back");
        }
        return Draft.of(
                table, ways, besides, ways.stream().map(LegacyRows.Way::back).toList());
    }

    private static Set<String> numbered(Catalog catalog, TableName target) {
        return catalog.table(target).stream()
                .flatMap(shape -> shape.columns().stream())
                .filter(ColumnShape::fedByServer)
                .map(ColumnShape::name)
                .collect(Collectors.toSet());
    }

    /** Who may use the table on blue may use the view, if green knows the role. */
    private static List<String> grants(
            BlueTable table, TableName view, Map<SequenceName, SequenceName> sequences, Set<String> roles) {
        Map<String, Set<String>> privileges = new TreeMap<>();
        for (BlueTable.Grant grant : table.grants()) {
            if (grant.everybody() || roles.contains(grant.role())) {
                privileges
                        .computeIfAbsent(
                                grant.everybody() ? "public" : Sql.identifier(grant.role()), _ -> new TreeSet<>())
                        .add(grant.privilege());
            }
        }
        List<String> statements = new ArrayList<>();
        privileges.forEach((role, granted) -> {
            statements.add("grant usage on schema " + Sql.identifier(view.schema()) + " to " + role);
            statements.add("grant " + String.join(", ", granted) + " on " + view.sql() + " to " + role);
            if (granted.contains("INSERT")) {
                // A default is evaluated as whoever inserts.
                table.columns().stream()
                        .flatMap(column -> column.sequence().stream())
                        .flatMap(blue -> Optional.ofNullable(sequences.get(blue)).stream())
                        .forEach(green -> statements.add("grant usage on sequence " + green.sql() + " to " + role));
            }
        });
        return statements;
    }

    /** Takes all of a migration's old schemas off green. */
    public static void remove(Session green, String migration) {
        green.transaction(() -> {
            if (LegacyControl.present(green)) {
                LegacyControl.schemas(green, migration)
                        .forEach(schema ->
                                green.execute("drop schema if exists " + Sql.identifier(schema) + " cascade"));
                LegacyControl.forget(green, migration);
            }
        });
    }
}
