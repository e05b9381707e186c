package io.viridian.replication.derive;

import io.viridian.plan.Derivation;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps derived targets through one session, inside the transactions that write their mirrors. A row of a target is
 * computed anew when a changed row has part in it, as it was before or as it is afterwards: so both are asked. One
 * thread.
 */
public final class DerivedTargets {
    private static final String BUILT =
            "select target from viridian.derived where migration = ? and built_at is not null";

    private static final String NOTE = """
            insert into viridian.derived (migration, target, built_at) values (?, ?, clock_timestamp())
            on conflict (migration, target) do update set built_at = excluded.built_at
            """;

    private final Session session;
    private final String migration;
    private final List<Kept> all = new ArrayList<>();
    private final Set<TableName> built = new HashSet<>();

    private record Kept(Derivation derivation, DerivedSql sql) {}

    public DerivedTargets(Session session, String migration, Collection<Derivation> derivations) {
        this.session = session;
        this.migration = migration;
        for (Derivation derivation : derivations) {
            all.add(new Kept(derivation, new DerivedSql(derivation, all.size())));
        }
    }

    /** Makes the session ready, and reads which targets are filled; those that are not wait for {@link #build}. */
    public void open() {
        if (all.isEmpty()) {
            return;
        }
        all.forEach(kept -> session.execute(kept.sql().createAffected()));
        built.clear();
        session.list(BUILT, row -> built.add(TableName.parse(row.text(1))), migration);
    }

    /** Before the slice is written. */
    public void before(Slice slice) {
        for (Kept kept : concerned(slice)) {
            collect(kept, slice);
        }
    }

    /**
     * After the slice was written: writes the rows that are others now.
     *
     * @return their keys, by target
     */
    public Map<TableName, List<List<String>>> after(Slice slice) {
        Map<TableName, List<List<String>>> written = new HashMap<>();
        for (Kept kept : concerned(slice)) {
            if (truncates(slice, kept.derivation())) {
                writeAll(kept);
                session.execute(kept.sql().forgetAffected());
            } else {
                collect(kept, slice);
                session.update(kept.sql().removeAffected());
                session.update(kept.sql().writeAffected());
                written.put(kept.derivation().target(), session.list(kept.sql().keysAffected(), row -> row.texts(1)));
                session.execute(kept.sql().forgetAffected());
            }
        }
        return written;
    }

    /** Fills a target for the first time, or anew, in the open transaction. */
    public void build(Derivation derivation) {
        Kept kept = all.stream()
                .filter(one -> one.derivation().equals(derivation))
                .findFirst()
                .orElseThrow();
        writeAll(kept);
        session.update(NOTE, migration, derivation.target().sql());
        built.add(derivation.target());
    }

    /** Whether the target is filled and kept. */
    public boolean isBuilt(Derivation derivation) {
        return built.contains(derivation.target());
    }

    private void writeAll(Kept kept) {
        session.update(kept.sql().removeAll());
        session.update(kept.sql().writeAll());
    }

    private List<Kept> concerned(Slice slice) {
        if (built.isEmpty()) {
            return List.of();
        }
        Set<TableName> changed = new HashSet<>();
        slice.changes().forEach(change -> changed.add(change.source().name()));
        return all.stream()
                .filter(kept -> built.contains(kept.derivation().target()))
                .filter(kept -> kept.derivation().mirrors().stream()
                        .anyMatch(mirror -> changed.contains(mirror.source().name())))
                .toList();
    }

    private static boolean truncates(Slice slice, Derivation derivation) {
        Set<TableName> mirrored = new HashSet<>();
        derivation.mirrors().forEach(mirror -> mirrored.add(mirror.source().name()));
        return slice.changes().stream()
                .anyMatch(change -> change instanceof RowChange.Truncate
                        && mirrored.contains(change.source().name()));
    }

    private void collect(Kept kept, Slice slice) {
        for (Derivation.Mirror mirror : kept.derivation().mirrors()) {
            Object[] keys = keys(slice, mirror.source().name());
            if (keys.length > 0) {
                mirror.affected().forEach(query -> session.update(kept.sql().collect(mirror, query), keys));
            }
        }
    }

    /** The keys of all changed rows of a table, old and new ones, column by column; nothing when none has changed. */
    private static Object[] keys(Slice slice, TableName source) {
        Set<List<String>> keys = new LinkedHashSet<>();
        for (RowChange change : slice.changes()) {
            if (change.source().name().equals(source) && !change.key().isEmpty()) {
                keys.add(change.key());
                if (change instanceof RowChange.Update update) {
                    keys.add(update.before());
                }
            }
        }
        if (keys.isEmpty()) {
            return new Object[0];
        }
        int width = keys.iterator().next().size();
        Object[] columns = new Object[width];
        for (int column = 0; column < width; column++) {
            int index = column;
            columns[column] = keys.stream().map(key -> key.get(index)).toArray(String[]::new);
        }
        return columns;
    }
}
