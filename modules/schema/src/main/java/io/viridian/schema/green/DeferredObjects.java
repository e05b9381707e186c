package io.viridian.schema.green;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes indexes, unique and foreign keys off green's empty tables and builds them after the load, whoever created them.
 * Loading first and indexing later is what makes the load fast; checks and NOT NULL stay, for they cost little and stop
 * a bad row at once. Every method may be asked again after any failure. Triggers are never touched.
 */
public final class DeferredObjects {
    private static final Logger LOG = LoggerFactory.getLogger(DeferredObjects.class);

    /** Nobody uses green yet; a lock that is not free at once is somebody's forgotten session. */
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '10s'";

    private static final String STILL_NEEDED = "2BP01";

    private final Database green;
    private final String migration;
    private final DeferredLedger ledger;

    public DeferredObjects(Database green, String migration) {
        this.green = green;
        this.migration = migration;
        this.ledger = new DeferredLedger(migration);
    }

    /**
     * Takes off the targets what the load does not need, in one transaction with the note of how to bring it back. What
     * a view or function depends on stays.
     *
     * @param routes forward
     * @param withoutKey targets that are loaded without their key too; their key is built by {@link #buildKey}
     * @throws FaultException with SCHEMA_FAILED when a target holds rows
     */
    public void defer(Collection<Route> routes, Collection<TableName> withoutKey) {
        try (Session session = green.open("schema")) {
            session.transaction(() -> {
                if (!Preparation.claimDeferral(session, migration)) {
                    return;
                }
                session.execute(LOCK_TIMEOUT);
                Map<TableName, Route> targets = new TreeMap<>();
                routes.forEach(route -> targets.put(route.target(), route));
                targets.keySet().forEach(table -> lockEmpty(session, table));
                List<DeferredObject> taken = new ArrayList<>();
                for (DeferredObject part : DeferredCatalog.foreignKeys(session, List.copyOf(targets.keySet()))) {
                    drop(session, part);
                    taken.add(part);
                }
                Set<TableName> keyless = new HashSet<>(withoutKey);
                targets.values().forEach(route -> taken.addAll(takeIndexes(session, route, keyless)));
                int indexesAndConstraints = taken.size();
                targets.keySet().forEach(table -> taken.add(statistics(table)));
                ledger.write(session, taken);
                LOG.info(
                        "{} steps of building green's indexes and constraints wait for the load.",
                        indexesAndConstraints);
            });
        }
    }

    private static void lockEmpty(Session session, TableName table) {
        session.execute("lock table " + table.sql() + " in access exclusive mode");
        if (session.one("select exists (select from " + table.sql() + ")", row -> row.truth(1))) {
            throw Fault.about(
                            FaultCode.SCHEMA_FAILED,
                            table.toString(),
                            "green's table " + table + " holds rows; the load fills empty tables only: truncate "
                                    + table.sql() + ", or leave its rows out of the changelog")
                    .asException();
        }
    }

    private static DeferredObject statistics(TableName table) {
        return new DeferredObject(DeferredObject.Kind.STATISTICS, table, table.name(), "", "analyze " + table.sql());
    }

    private static List<DeferredObject> takeIndexes(Session session, Route route, Set<TableName> keyless) {
        List<DeferredCatalog.Index> indexes = DeferredCatalog.indexes(session, route.target());
        String key = indexes.stream()
                .filter(index -> index.names()
                        && index.columns()
                                .equals(route.targetKey().stream().sorted().toList()))
                .map(DeferredCatalog.Index::name)
                .findFirst()
                .orElse("");
        List<DeferredObject> taken = new ArrayList<>();
        for (DeferredCatalog.Index index : indexes) {
            boolean isKey = index.name().equals(key);
            if ((!isKey || keyless.contains(route.target())) && dropped(session, index)) {
                index.parts().forEach(part -> taken.add(isKey ? part.ofKey() : part));
            }
        }
        return taken;
    }

    private static boolean dropped(Session session, DeferredCatalog.Index index) {
        session.execute("savepoint before_drop");
        try {
            index.parts().forEach(part -> drop(session, part));
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(STILL_NEEDED)) {
                throw failure;
            }
            session.execute("rollback to savepoint before_drop");
            LOG.info(
                    "Index {} stays during the load: {}",
                    index.name(),
                    failure.fault().detail());
            return false;
        }
        session.execute("release savepoint before_drop");
        return true;
    }

    private static void drop(Session session, DeferredObject part) {
        if (!part.dropSql().isEmpty()) {
            session.execute(part.dropSql());
        }
    }

    /** What is not built yet, in the order in which it was taken off. */
    public List<DeferredObject> pending() {
        return green.query(session -> ledger.pending(session).stream()
                .map(DeferredLedger.Entry::object)
                .toList());
    }

    /**
     * Builds the key of a table that was loaded without it. Nobody else uses the table at that time, so a lock that is
     * not free is a failure.
     *
     * @param session on green, outside a transaction
     */
    public void buildKey(Session session, TableName table) {
        ObjectBuild build = new ObjectBuild(ledger, work -> work.accept(session));
        for (DeferredLedger.Entry entry : ledger.pending(session, table)) {
            if (entry.object().kind().isKey()) {
                build.attempt(entry);
            }
        }
    }

    /**
     * Builds everything that is not built yet: indexes, constraints on them, foreign keys, then gathers statistics.
     * Runs beside the change stream.
     *
     * @param workers how many indexes are built side by side
     * @throws FaultException with ROW_REFUSED when the rows on green violate a constraint, with LOCK_TIMEOUT when
     *     somebody holds a table for too long
     */
    public void buildRemaining(int workers, BuildProgress progress) throws InterruptedException {
        List<DeferredLedger.Entry> pending = green.query(ledger::pending);
        int total = green.query(ledger::size);
        AtomicInteger done = new AtomicInteger(total - pending.size());
        try (BuildCrew crew = new BuildCrew(green, workers)) {
            ObjectBuild build = new ObjectBuild(ledger, crew::use);
            for (DeferredObject.Kind kind : DeferredObject.Kind.values()) {
                List<BuildCrew.Task> tasks = new ArrayList<>();
                for (List<DeferredLedger.Entry> group : groups(kind, pending)) {
                    tasks.add(() -> {
                        for (DeferredLedger.Entry entry : group) {
                            build.build(entry);
                            progress.built(entry.object(), done.incrementAndGet(), total);
                        }
                    });
                }
                crew.run(tasks);
            }
        }
    }

    /**
     * Steps of one kind; those of one group would wait for each other's locks, so they are done one after the other.
     */
    private static Collection<List<DeferredLedger.Entry>> groups(
            DeferredObject.Kind kind, List<DeferredLedger.Entry> pending) {
        Function<DeferredLedger.Entry, Object> group = switch (kind) {
            case KEY_INDEX, INDEX, STATISTICS -> entry -> entry;
            case KEY_CONSTRAINT, CONSTRAINT, VALIDATION, MARK ->
                entry -> entry.object().table();
            // Each takes strong locks on two tables.
            case FOREIGN_KEY -> _ -> kind;
        };
        return pending.stream()
                .filter(entry -> entry.object().kind() == kind)
                .collect(Collectors.groupingBy(group, LinkedHashMap::new, Collectors.toList()))
                .values();
    }
}
