package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Invariant;
import io.viridian.feed.Tuple;
import io.viridian.plan.Route;
import io.viridian.postgres.CopyText;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of routes into their targets, and counts what it met where that must be as the stream left it. One
 * thread.
 */
final class RouteWriter {
    /** Fewer rows are not worth two more round trips. */
    private static final int COPY_FROM_ROWS = 20;

    private final Session session;
    private final boolean strict;

    /** @param strict whether every row must be found as the stream left it */
    RouteWriter(Session session, boolean strict) {
        this.session = session;
        this.strict = strict;
    }

    private boolean counts(RouteLayout layout) {
        return strict && layout.exact();
    }

    /** Rows that cannot be there: one that is stops the statement, and the replay row by row tells which. */
    void insert(RouteLayout layout, List<Tuple> rows) {
        if (rows.isEmpty()) {
            return;
        }
        Optional<int[]> copied = layout.copied();
        if (rows.size() >= COPY_FROM_ROWS && copied.isPresent()) {
            session.copyIn(layout.sql().copy(), out -> copy(rows, copied.get(), out));
        } else {
            session.update(
                    layout.sql().append(), arrays(layout, rows, layout.sql().allColumns()));
        }
    }

    private static void copy(List<Tuple> rows, int[] columns, CopyText out) {
        for (Tuple row : rows) {
            for (int column : columns) {
                out.value(row.unchanged(column) ? null : row.value(column));
            }
            out.endRow();
        }
    }

    /** Removes the rows that came of these source rows, of those that were on the route. */
    void delete(RouteLayout layout, RouteNet.Rows gone) {
        List<List<String>> keys = gone.keys();
        if (keys.isEmpty()) {
            return;
        }
        long deleted = session.update(layout.sql().delete(layout.membership()), before(layout, gone));
        if (counts(layout) && deleted != keys.size()) {
            throw conflict(layout, keys.size() + " rows were to be deleted, " + deleted + " were there");
        }
    }

    /**
     * What is known of rows as they were: all of it if that decides whether they were on the route, else their keys.
     */
    private static Object[] before(RouteLayout layout, RouteNet.Rows rows) {
        if (layout.membership() != RouteLayout.Membership.BY_ROW) {
            return keyArrays(layout.route(), rows.keys());
        }
        Invariant.require(
                rows.images().size() == rows.keys().size(), "a table with a full identity sends rows as they were");
        return arrays(layout, rows.images(), layout.sql().allColumns());
    }

    /** Takes the values of a part away from the rows of these source rows. */
    void clear(RouteLayout layout, RouteNet.Rows gone) {
        if (!gone.keys().isEmpty() && !layout.route().settableColumns().isEmpty()) {
            session.update(layout.sql().clear(layout.membership()), before(layout, gone));
        }
    }

    /** Takes the values of a part away from every row. */
    void clearAll(RouteLayout layout) {
        if (!layout.route().settableColumns().isEmpty()) {
            session.update(layout.sql().clearAll());
        }
    }

    /** Removes those rows that were on the route and are not any more. */
    void leave(RouteLayout layout, RouteNet.Leaving rows) {
        if (layout.membership() != RouteLayout.Membership.BY_ROW
                || rows.before().isEmpty()) {
            return;
        }
        List<String> columns = layout.sql().allColumns();
        session.update(
                layout.sql().leaveFrom(),
                both(arrays(layout, rows.before(), columns), arrays(layout, rows.after(), columns)));
    }

    private static Object[] both(Object[] before, Object[] after) {
        Object[] both = new Object[before.length + after.length];
        System.arraycopy(before, 0, both, 0, before.length);
        System.arraycopy(after, 0, both, before.length, after.length);
        return both;
    }

    /**
     * Writes complete rows that travel, whether they are there or not; see {@link #leave} for those that do no more.
     */
    void upsert(RouteLayout layout, List<Tuple> rows, int expectedFresh) {
        if (rows.isEmpty()) {
            return;
        }
        Invariant.require(
                rows.stream().allMatch(layout::complete), "a row of " + layout + " is written with all values");
        Object[] arrays = arrays(layout, rows, layout.sql().allColumns());
        if (layout.membership() == RouteLayout.Membership.UNKNOWN || layout.expands()) {
            session.update(layout.sql().leave(), arrays);
        }
        long[] counts = session.one(layout.sql().upsert(), row -> new long[] {row.number(1), row.number(2)}, arrays);
        overwrite(layout, Set.of(), arrays);
        boolean keyOnly = layout.route().settableColumns().isEmpty();
        if (counts(layout) && !keyOnly && (counts[0] != expectedFresh || counts[1] != rows.size())) {
            throw conflict(
                    layout,
                    "of " + rows.size() + " rows " + expectedFresh + " were to be new, " + counts[0] + " were, and "
                            + counts[1] + " were written");
        }
    }

    private void overwrite(RouteLayout layout, Set<String> missing, Object[] arrays) {
        if (layout.sql().overwrites()) {
            session.update(layout.sql().overwrite(missing), arrays);
        }
    }

    /** Changes rows of which some source columns are unknown. */
    void patch(RouteLayout layout, Set<String> missing, List<Tuple> rows) {
        Object[] arrays = arrays(layout, rows, layout.sql().without(missing));
        overwrite(layout, missing, arrays);
        String sql = layout.sql().patch(missing);
        if (sql == null) {
            return;
        }
        long changed = session.update(sql, arrays);
        if (counts(layout) && changed != rows.size()) {
            throw conflict(layout, rows.size() + " rows were to be changed, " + changed + " were there");
        }
    }

    /**
     * Changes rows together with their keys.
     *
     * @return how many were there
     */
    long move(RouteLayout layout, Set<String> missing, RouteNet.Moves moves) {
        long moved = session.update(
                layout.sql().move(missing, layout.membership()),
                both(
                        before(layout, moves.before()),
                        arrays(layout, moves.rows(), layout.sql().without(missing))));
        if (counts(layout) && moved != moves.size()) {
            throw conflict(layout, moves.size() + " rows were to change their key, " + moved + " were there");
        }
        return moved;
    }

    /** Removes one row equal to what the source row became. */
    void deleteOne(RouteLayout layout, Tuple old) {
        long deleted = session.update(
                layout.sql().deleteOne(),
                arrays(layout, List.of(old), layout.sql().allColumns()));
        if (counts(layout) && deleted != 1) {
            throw conflict(layout, "no row equal to the deleted one is there: " + old);
        }
    }

    /** Removes every row that came of the source. */
    void deleteAll(RouteLayout layout) {
        session.update(layout.sql().deleteAll());
    }

    static Object[] arrays(RouteLayout layout, List<Tuple> rows, List<String> columns) {
        return arrays(layout.route(), rows, columns);
    }

    /** One {@code text[]} for each of the source's columns. */
    static Object[] arrays(Route route, List<Tuple> rows, List<String> columns) {
        Object[] arrays = new Object[columns.size()];
        for (int column = 0; column < columns.size(); column++) {
            int index = route.sourceIndex(columns.get(column));
            @Nullable String[] values = new @Nullable String[rows.size()];
            for (int row = 0; row < rows.size(); row++) {
                Tuple tuple = rows.get(row);
                values[row] = tuple.unchanged(index) ? null : tuple.value(index);
            }
            arrays[column] = values;
        }
        return arrays;
    }

    /** Parameters in table order, as {@link RouteSql} lays them out, whatever the order of the key's columns. */
    static Object[] keyArrays(Route route, Collection<List<String>> given) {
        List<List<String>> keys = List.copyOf(given);
        List<String> keyColumns = route.sourceKey();
        List<String> inTableOrder = new ArrayList<>(route.from().columnNames());
        inTableOrder.retainAll(keyColumns);
        Object[] arrays = new Object[inTableOrder.size()];
        for (int column = 0; column < inTableOrder.size(); column++) {
            int index = keyColumns.indexOf(inTableOrder.get(column));
            String[] values = new String[keys.size()];
            for (int row = 0; row < keys.size(); row++) {
                values[row] = keys.get(row).get(index);
            }
            arrays[column] = values;
        }
        return arrays;
    }

    static FaultException conflict(RouteLayout layout, String what) {
        return Fault.about(
                        FaultCode.APPLY_CONFLICT,
                        layout.route().target().toString(),
                        layout.route().target() + " is not as the stream left it: " + what
                                + "; the stream stops before this transaction")
                .asException();
    }
}
