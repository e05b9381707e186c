package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import io.viridian.plan.Inversion;
import io.viridian.plan.Route;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Leads rows of green back that blue holds as values of one row: an array, a list in a text, an object. Blue remembers
 * green's rows as the stream left them, in {@code viridian.stash}, from the first change of a group on and for as long
 * as green takes the writes; blue's value is computed over them anew whenever one of them changes. One thread.
 */
public final class GatheredRows {
    private final Session session;
    private final String migration;
    private final List<Gathered> all = new ArrayList<>();
    private long epoch;

    private record Gathered(Route back, GatherSql sql) {
        String target() {
            return back.source().sql();
        }
    }

    /** @param inversions of the rules that lead to the session's side; of others it does nothing */
    public GatheredRows(Session session, String migration, Collection<Inversion> inversions) {
        this.session = session;
        this.migration = migration;
        inversions.stream()
                .filter(one -> one.back().role() == Route.Role.GATHERED)
                .forEach(one -> all.add(new Gathered(one.back(), new GatherSql(one))));
    }

    /** What was remembered before an earlier switch is over: blue's rows have changed since. */
    public void open() {
        if (all.isEmpty()) {
            return;
        }
        epoch = session.one(
                "select epoch from viridian.ownership where migration = ?", row -> row.number(1), migration);
        session.update("delete from viridian.stash where migration = ? and epoch <> ?", migration, epoch);
    }

    /**
     * After all else of the slice was written, in its transaction.
     *
     * @return by how many the rows of blue have become more of which the rule would make other rows
     */
    public long after(Slice slice) {
        long lossy = 0;
        for (Gathered one : all) {
            LastStates states = LastStates.of(slice, one.back().source());
            if (states.truncated()) {
                session.update(
                        "delete from viridian.stash where migration = ? and target = ?", migration, one.target());
                session.update(one.sql().writeNothing());
                lossy -= session.update(
                        "delete from viridian.lossy where migration = ? and target = ?", migration, one.target());
            }
            if (!states.rows().isEmpty()) {
                lossy += write(one, states);
            }
        }
        return lossy;
    }

    private long write(Gathered one, LastStates states) {
        Object[] keys = RouteWriter.keyArrays(one.back(), states.rows().keySet());
        List<Tuple> rows =
                states.rows().values().stream().flatMap(Optional::stream).toList();
        Object[] name = {migration, one.target()};
        Object[] mine = {migration, one.target(), epoch};
        session.update(one.sql().remember(), joined(keys, mine, mine));
        session.update(one.sql().forget(), joined(keys, name));
        if (!rows.isEmpty()) {
            session.update(
                    one.sql().keep(),
                    joined(mine, RouteWriter.arrays(one.back(), rows, one.sql().kept())));
        }
        session.update(one.sql().write(), joined(keys, name));
        long forgotten = session.update(one.sql().forgetLosses(), joined(keys, name));
        return session.update(one.sql().markLosses(), joined(mine, keys, name)) - forgotten;
    }

    private static Object[] joined(Object[]... parts) {
        List<Object> all = new ArrayList<>();
        for (Object[] part : parts) {
            all.addAll(List.of(part));
        }
        return all.toArray();
    }
}
