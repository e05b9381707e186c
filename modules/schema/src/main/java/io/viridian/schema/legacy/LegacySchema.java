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

    /** What a table's view is made from, or why there can be none. */
    private record Draft(List<LegacyView.Way> ways, String reason) {}

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
        Map<SequenceName, SequenceName> sequences =
                plan.sequences().stream().collect(Collectors.toMap(SequencePair::blue, SequencePair::green));
        Set<String> roles = new HashSet<>(session.list("select rolname from pg_roles", row -> row.text(1)));
        for (BlueTable table : tables) {
            TableName view = view(table.name());
            long number = LegacyControl.add(session, migration, table.name(), view);
            Draft draft = draft(plan, table.name());
            if (!draft.reason().isEmpty()) {
                LegacyControl.settle(session, number, "NONE", draft.reason());
                continue;
            }
            LegacyView made = new LegacyView(
                    table,
                    view,
                    draft.ways(),
                    sequences,
                    numbered(catalog, draft.ways().getFirst().there().target()),
                    LegacyControl.used(number));
            List<String> statements = new ArrayList<>(made.statements());
            statements.addAll(grants(table, view, sequences, roles));
            String refused = attempt(session, statements);
            LegacyControl.settle(
                    session, number, refused.isEmpty() ? made.writes().name() : "NONE", refused);
        }
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

    private static Draft draft(Plan plan, TableName table) {
        List<Route> there = plan.forward().stream()
                .filter(route -> route.source().equals(table))
                .filter(route -> !route.target().schema().equals(Derivation.SCHEMA))
                .toList();
        if (there.isEmpty()) {
            return new Draft(List.of(), "only queries read it, and nothing leads their rows back");
        }
        if (there.size() > 1 && there.stream().anyMatch(route -> route.filter().isEmpty())) {
            return new Draft(List.of(), "its columns go into several tables");
        }
        List<Route> back = new ArrayList<>(plan.routes(Direction.REVERSE).stream()
                .filter(route -> route.target().equals(table))
                .toList());
        List<LegacyView.Way> ways = new ArrayList<>();
        for (Route route : there) {
            Optional<Route> its = back.stream()
                    .filter(one -> one.source().equals(route.target()))
                    .findFirst();
            if (its.isEmpty()) {
                return new Draft(List.of(), "nothing leads rows of " + route.target() + " back to it");
            }
            back.remove(its.get());
            ways.add(new LegacyView.Way(route, its.get()));
        }
        return new Draft(ways, "");
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
