package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Tuple;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes slices through one session, inside whatever transaction is open there. One thread.
 *
 * <p>Set-wise first: per table deletes, then writes. When that meets a unique violation, because a value went from row
 * to row within the slice, the slice is written again row by row in source order, which the source itself could do.
 */
public final class SliceWriter {
    private static final String UNIQUE_VIOLATION = "23505";

    private final Session session;
    private final boolean strict;

    /**
     * Writes through this session.
     *
     * @param strict whether every row must be found as the stream left it; off while rows are still being copied
     */
    public SliceWriter(Session session, boolean strict) {
        this.session = session;
        this.strict = strict;
    }

    /** Writes the slice; the caller has a transaction open and commits. */
    public void write(Slice slice) {
        if (slice.inOrderOnly()) {
            writeInOrder(slice);
            return;
        }
        session.execute("savepoint viridian_slice");
        try {
            slice.nets().forEach(this::writeNet);
            slice.unkeyed().forEach(this::writeUnkeyed);
        } catch (FaultException refused) {
            if (!refused.fault().sqlState().equals(UNIQUE_VIOLATION)) {
                throw rowRefused(refused);
            }
            session.execute("rollback to savepoint viridian_slice");
            writeInOrder(slice);
        }
        session.execute("release savepoint viridian_slice");
    }

    private void writeNet(RouteLayout layout, TableNet net) {
        List<List<String>> gone = new ArrayList<>();
        int expectedGone = 0;
        List<Tuple> written = new ArrayList<>();
        int expectedFresh = 0;
        Map<Set<String>, List<Tuple>> patched = new HashMap<>();
        for (Map.Entry<List<String>, TableNet.Net> row : net.rows().entrySet()) {
            TableNet.Net end = row.getValue();
            if (end.kind() == TableNet.Kind.DELETE || end.kind() == TableNet.Kind.REPLACE) {
                gone.add(row.getKey());
                expectedGone += end.existed() ? 1 : 0;
            }
            Tuple image = end.row();
            if (image != null && end.kind() == TableNet.Kind.PATCH) {
                patched.computeIfAbsent(layout.missing(image), _ -> new ArrayList<>())
                        .add(image);
            } else if (image != null) {
                written.add(image);
                expectedFresh += end.existed() && end.kind() == TableNet.Kind.WRITE ? 0 : 1;
            }
        }
        delete(layout, gone, expectedGone);
        upsert(layout, written, expectedFresh);
        patched.forEach((missing, rows) -> patch(layout, missing, rows));
    }

    private void delete(RouteLayout layout, List<List<String>> keys, int expected) {
        if (keys.isEmpty()) {
            return;
        }
        long deleted = session.update(layout.sql().delete(), keyArrays(layout, keys));
        if (strict && layout.route().filter().isEmpty() && deleted != expected) {
            throw conflict(layout, expected + " rows were to be deleted, " + deleted + " were there");
        }
    }

    private void upsert(RouteLayout layout, List<Tuple> rows, int expectedFresh) {
        if (rows.isEmpty()) {
            return;
        }
        Object[] arrays = arrays(layout, rows, layout.sql().allColumns());
        boolean filtered = layout.route().filter().isPresent();
        if (filtered) {
            session.update(layout.sql().leave(), arrays);
        }
        long[] counts = session.one(layout.sql().upsert(), row -> new long[] {row.number(1), row.number(2)}, arrays);
        boolean keyOnly = layout.route().valueColumns().isEmpty();
        if (strict && !filtered && !keyOnly && (counts[0] != expectedFresh || counts[1] != rows.size())) {
            throw conflict(
                    layout,
                    "of " + rows.size() + " rows " + expectedFresh + " were to be new, " + counts[0] + " were, and "
                            + counts[1] + " were written");
        }
    }

    private void patch(RouteLayout layout, Set<String> missing, List<Tuple> rows) {
        String sql = layout.sql().patch(missing);
        if (sql == null) {
            return;
        }
        long changed = session.update(sql, arrays(layout, rows, layout.sql().without(missing)));
        if (strict && layout.route().filter().isEmpty() && changed != rows.size()) {
            throw conflict(layout, rows.size() + " rows were to be changed, " + changed + " were there");
        }
    }

    private void writeUnkeyed(RouteLayout layout, List<RowChange> changes) {
        List<Tuple> appended = new ArrayList<>();
        for (RowChange change : changes) {
            switch (change) {
                case RowChange.Insert insert -> appended.add(insert.row());
                case RowChange.Update update -> {
                    append(layout, appended);
                    Tuple old = whole(layout, update.old());
                    deleteOne(layout, old);
                    append(layout, new ArrayList<>(List.of(update.row().over(old))));
                }
                case RowChange.Delete delete -> {
                    append(layout, appended);
                    deleteOne(layout, delete.old());
                }
                case RowChange.Truncate _ -> throw new IllegalStateException("a truncate is written in order");
            }
        }
        append(layout, appended);
    }

    private void append(RouteLayout layout, List<Tuple> rows) {
        if (!rows.isEmpty()) {
            session.update(
                    layout.sql().append(), arrays(layout, rows, layout.sql().allColumns()));
            rows.clear();
        }
    }

    private void deleteOne(RouteLayout layout, Tuple old) {
        long deleted = session.update(
                layout.sql().deleteOne(),
                arrays(layout, List.of(old), layout.sql().allColumns()));
        if (strict && layout.route().filter().isEmpty() && deleted != 1) {
            throw conflict(layout, "no row equal to the deleted one is there: " + old);
        }
    }

    private void writeInOrder(Slice slice) {
        for (RowChange change : slice.changes()) {
            try {
                writeOne(change);
            } catch (FaultException refused) {
                throw rowRefused(refused);
            }
        }
    }

    private void writeOne(RowChange change) {
        RouteLayout layout = change.layout();
        if (change instanceof RowChange.Truncate) {
            session.update(layout.sql().deleteAll());
            return;
        }
        if (!layout.keyed()) {
            writeUnkeyed(layout, List.of(change));
            return;
        }
        switch (change) {
            case RowChange.Insert insert -> upsert(layout, List.of(insert.row()), 1);
            case RowChange.Delete delete -> delete(layout, List.of(delete.key()), 1);
            case RowChange.Update update -> writeUpdate(layout, update);
            case RowChange.Truncate _ -> throw new IllegalStateException("handled above");
        }
    }

    private void writeUpdate(RouteLayout layout, RowChange.Update update) {
        boolean complete = layout.complete(update.row());
        if (!update.moves() && complete) {
            upsert(layout, List.of(update.row()), 0);
        } else if (!update.moves()) {
            patch(layout, layout.missing(update.row()), List.of(update.row()));
        } else if (complete && layout.route().filter().isPresent()) {
            delete(layout, List.of(update.before()), 1);
            upsert(layout, List.of(update.row()), 1);
        } else {
            move(layout, update);
        }
    }

    private void move(RouteLayout layout, RowChange.Update update) {
        Set<String> missing = layout.missing(update.row());
        Object[] before = keyArrays(layout, List.of(update.before()));
        Object[] after = arrays(layout, List.of(update.row()), layout.sql().without(missing));
        Object[] both = new Object[before.length + after.length];
        System.arraycopy(before, 0, both, 0, before.length);
        System.arraycopy(after, 0, both, before.length, after.length);
        long moved = session.update(layout.sql().move(missing), both);
        if (strict && layout.route().filter().isEmpty() && moved != 1) {
            throw conflict(layout, "row " + update.before() + " was to become " + update.key() + ", and is not there");
        }
    }

    private static Tuple whole(RouteLayout layout, @Nullable Tuple old) {
        if (old == null) {
            throw Fault.about(
                            FaultCode.STREAM_UNEXPECTED,
                            layout.route().source().toString(),
                            "an UPDATE of " + layout.route().source()
                                    + " carries no old row although its identity is full")
                    .asException();
        }
        return old;
    }

    private static Object[] arrays(RouteLayout layout, List<Tuple> rows, List<String> columns) {
        Object[] arrays = new Object[columns.size()];
        for (int column = 0; column < columns.size(); column++) {
            int index = layout.route().sourceIndex(columns.get(column));
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
    private static Object[] keyArrays(RouteLayout layout, List<List<String>> keys) {
        List<String> keyColumns = layout.route().sourceKey();
        List<String> inTableOrder =
                layout.sql().allColumns().stream().filter(keyColumns::contains).toList();
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

    private static FaultException conflict(RouteLayout layout, String what) {
        return Fault.about(
                        FaultCode.APPLY_CONFLICT,
                        layout.route().target().toString(),
                        layout.route().target() + " is not as the stream left it: " + what
                                + "; the stream stops before this transaction")
                .asException();
    }

    /** What the data caused is told as a refused row; what the server or the network caused stays what it is. */
    private static FaultException rowRefused(FaultException failure) {
        String state = failure.fault().sqlState();
        boolean byTheData = state.startsWith("22") || state.startsWith("23") || state.startsWith("42");
        return byTheData
                ? new Fault(
                                FaultCode.ROW_REFUSED,
                                failure.fault().detail(),
                                failure.fault().object(),
                                state)
                        .asException(failure)
                : failure;
    }
}
