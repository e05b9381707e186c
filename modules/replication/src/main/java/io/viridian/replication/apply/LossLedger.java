package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import io.viridian.plan.Inversion;
import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Notes on blue, in the commits that lead green's rows back, which of them would come to green as other rows: what the
 * old schema cannot hold, and a rollback therefore loses. Counts them. One thread.
 *
 * <p>A row is compared when it is written: the rule is evaluated over blue's row as it is then, and its outcome
 * compared with green's row. Of a row whose large values did not come with the change only the others are compared, and
 * a mark that it has stays.
 */
public final class LossLedger {
    private static final String COUNT = "select count(*) from viridian.lossy where migration = ? and epoch = ?";

    private static final String BY_TABLE = """
            select target, count(*) from viridian.lossy where migration = ? and epoch = ? group by target order by target
            """;

    private final Session session;
    private final String migration;
    private final List<Watched> watched = new ArrayList<>();
    private final boolean idle;
    private long epoch;
    private long count;

    private record Watched(Inversion inversion, LossSql sql) {
        TableName green() {
            return inversion.back().source();
        }
    }

    /** @param inversions of the rules that lead to the session's side; those that can lose nothing cost nothing */
    public LossLedger(Session session, String migration, Collection<Inversion> inversions) {
        this.session = session;
        this.migration = migration;
        inversions.stream()
                .filter(one -> one.canLose() && one.back().keyed())
                .filter(one -> one.back().role() != Route.Role.GATHERED)
                .forEach(one -> watched.add(new Watched(one, new LossSql(one))));
        this.idle = inversions.stream().noneMatch(Inversion::canLose);
    }

    /** Reads what is noted since this side was left; what was noted before an earlier switch is over. */
    public void open() {
        if (idle) {
            return;
        }
        epoch = session.one(
                "select epoch from viridian.ownership where migration = ?", row -> row.number(1), migration);
        session.update("delete from viridian.lossy where migration = ? and epoch <> ?", migration, epoch);
        count = session.one(COUNT, row -> row.number(1), migration, epoch);
    }

    /**
     * What is noted on blue, by table of green, in their order.
     *
     * @param epoch the ownership epoch since which
     */
    public static Map<String, Long> read(Session blue, String migration, long epoch) {
        Map<String, Long> tables = new LinkedHashMap<>();
        blue.list(BY_TABLE, row -> Map.entry(row.text(1), row.number(2)), migration, epoch)
                .forEach(table -> tables.put(table.getKey(), table.getValue()));
        return tables;
    }

    /** How many rows of green a rollback would lose something of. */
    public long count() {
        return count;
    }

    /** So many more were noted by {@link GatheredRows}; fewer, if negative. */
    public void noted(long more) {
        count += more;
    }

    /** After the slice was written, in its transaction. */
    public void after(Slice slice) {
        for (Watched one : watched) {
            LastStates states = LastStates.of(slice, one.green());
            if (states.truncated()) {
                count -= session.update(
                        "delete from viridian.lossy where migration = ? and target = ?",
                        migration,
                        one.green().sql());
            }
            if (!states.rows().isEmpty()) {
                forget(one, states.rows());
                mark(one, states.rows());
            }
        }
    }

    private void forget(Watched one, Map<List<String>, Optional<Tuple>> rows) {
        List<List<String>> keys = new ArrayList<>();
        rows.forEach((key, row) -> {
            if (row.isEmpty() || missing(one, row.get()).isEmpty()) {
                keys.add(key);
            }
        });
        if (keys.isEmpty()) {
            return;
        }
        Object[] columns = LastStates.columns(keys);
        Object[] parameters = new Object[2 + columns.length];
        parameters[0] = migration;
        parameters[1] = one.green().sql();
        System.arraycopy(columns, 0, parameters, 2, columns.length);
        count -= session.update(one.sql().forget(), parameters);
    }

    private void mark(Watched one, Map<List<String>, Optional<Tuple>> rows) {
        Map<Set<String>, List<Tuple>> byMissing = new HashMap<>();
        rows.values().stream()
                .flatMap(Optional::stream)
                .forEach(row -> byMissing
                        .computeIfAbsent(missing(one, row), _ -> new ArrayList<>())
                        .add(row));
        byMissing.forEach((missing, tuples) -> {
            List<String> columns = one.sql().columns(missing);
            Object[] parameters = new Object[3 + columns.size()];
            parameters[0] = migration;
            parameters[1] = one.green().sql();
            parameters[2] = epoch;
            Object[] arrays = RouteWriter.arrays(one.inversion().back(), tuples, columns);
            System.arraycopy(arrays, 0, parameters, 3, arrays.length);
            count += session.update(one.sql().mark(missing), parameters);
        });
    }

    private static Set<String> missing(Watched one, Tuple row) {
        Set<String> missing = new HashSet<>();
        List<SourceColumn> columns = one.inversion().back().sourceColumns();
        for (int index = 0; index < columns.size(); index++) {
            if (row.unchanged(index)) {
                missing.add(columns.get(index).name());
            }
        }
        return missing;
    }
}
