package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Invariant;
import io.viridian.feed.Tuple;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes slices through one session, inside whatever transaction is open there. One thread.
 *
 * <p>Set-wise first: per table deletes, then key changes, then writes. When the target refuses a value, that table's
 * part is written again row by row in source order: the source itself could do that, so a value that went from row to
 * row within the slice passes, and what the target refuses still is named by its row.
 */
public final class SliceWriter {
    private static final String SAVEPOINT = "savepoint viridian_slice";
    private static final String UNDO = "rollback to savepoint viridian_slice";
    private static final String RELEASE = "release savepoint viridian_slice";

    private final Session session;
    private final boolean strict;
    private final MissingRow missingRow;

    /**
     * Writes through this session.
     *
     * @param strict whether every row must be found as the stream left it; off while rows are still being copied
     * @param missingRow asked for a row that changed its key and is not there, unless strict
     */
    public SliceWriter(Session session, boolean strict, MissingRow missingRow) {
        this.session = session;
        this.strict = strict;
        this.missingRow = missingRow;
    }

    /** Writes the slice; the caller has a transaction open and commits. */
    public void write(Slice slice) {
        session.execute(SAVEPOINT);
        if (slice.inOrderOnly()) {
            writeInOrder(slice.changes());
        } else if (!written(() -> setWise(slice))) {
            session.execute(UNDO);
            tableByTable(slice);
        }
        session.execute(RELEASE);
    }

    private void setWise(Slice slice) {
        slice.nets().forEach(this::writeNet);
        slice.unkeyed().forEach(this::writeUnkeyed);
    }

    private void tableByTable(Slice slice) {
        slice.nets().forEach((layout, net) -> orInOrder(slice, layout, () -> writeNet(layout, net)));
        slice.unkeyed().forEach((layout, changes) -> orInOrder(slice, layout, () -> writeUnkeyed(layout, changes)));
    }

    /**
     * Set-wise, and when a value is refused, this table alone row by row: no constraint spans tables here, foreign keys
     * are the source's business.
     */
    private void orInOrder(Slice slice, RouteLayout layout, Runnable setWise) {
        session.execute(SAVEPOINT);
        if (!written(setWise)) {
            session.execute(UNDO);
            writeInOrder(slice.changes().stream()
                    .filter(change -> change.layout().equals(layout))
                    .toList());
        }
        session.execute(RELEASE);
    }

    private static boolean written(Runnable setWise) {
        try {
            setWise.run();
            return true;
        } catch (RowNotThere missing) {
            return false;
        } catch (FaultException refused) {
            if (!refusedValue(refused)) {
                throw refused;
            }
            return false;
        }
    }

    /** One of several rows that were to change their key is not there; one by one tells which. */
    private static final class RowNotThere extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RowNotThere() {
            super(null, null, false, false);
        }
    }

    private void writeNet(RouteLayout layout, TableNet net) {
        delete(layout, List.copyOf(net.gone()), net.gone().size());
        Map<Set<String>, Moves> moved = new LinkedHashMap<>();
        Map<Set<String>, List<Tuple>> patched = new LinkedHashMap<>();
        List<Tuple> inserted = new ArrayList<>();
        List<Tuple> written = new ArrayList<>();
        // Every row is as the stream left it: to update one that is there is cheaper than to insert and find it, which
        // locks it with a record of its own in the log, and a new one meets none.
        boolean known = strict && layout.route().filter().isEmpty();
        for (Map.Entry<List<String>, TableNet.Occupant> row : net.occupants().entrySet()) {
            TableNet.Occupant occupant = row.getValue();
            List<String> origin = occupant.origin();
            Tuple image = occupant.row();
            if (occupant.cameFromElsewhere(row.getKey())) {
                moved.computeIfAbsent(layout.missing(image), _ -> new Moves())
                        .add(Objects.requireNonNull(origin), image);
            } else if (known && occupant.inserted()) {
                inserted.add(image);
            } else if (!known && (occupant.inserted() || layout.complete(image))) {
                written.add(image);
            } else {
                patched.computeIfAbsent(layout.missing(image), _ -> new ArrayList<>())
                        .add(image);
            }
        }
        moved.forEach((missing, moves) -> move(layout, missing, moves));
        patched.forEach((missing, rows) -> patch(layout, missing, rows));
        insert(layout, inserted);
        upsert(layout, written, 0);
    }

    /** Rows under new keys, with their keys before. */
    private record Moves(List<List<String>> before, List<Tuple> rows) {
        Moves() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(List<String> key, Tuple row) {
            before.add(key);
            rows.add(row);
        }

        int size() {
            return rows.size();
        }
    }

    /** Rows that cannot be there: one that is stops the statement, and the replay row by row tells which. */
    private void insert(RouteLayout layout, List<Tuple> rows) {
        if (!rows.isEmpty()) {
            session.update(
                    layout.sql().append(), arrays(layout, rows, layout.sql().allColumns()));
        }
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
        Invariant.require(
                rows.stream().allMatch(layout::complete), "a row of " + layout + " is written with all values");
        Object[] arrays = arrays(layout, rows, layout.sql().allColumns());
        boolean filtered = layout.route().filter().isPresent();
        if (filtered) {
            session.update(layout.sql().leave(), arrays);
        }
        long[] counts = session.one(layout.sql().upsert(), row -> new long[] {row.number(1), row.number(2)}, arrays);
        overwrite(layout, Set.of(), arrays);
        boolean keyOnly = layout.route().settableColumns().isEmpty();
        if (strict && !filtered && !keyOnly && (counts[0] != expectedFresh || counts[1] != rows.size())) {
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

    private void patch(RouteLayout layout, Set<String> missing, List<Tuple> rows) {
        Object[] arrays = arrays(layout, rows, layout.sql().without(missing));
        overwrite(layout, missing, arrays);
        String sql = layout.sql().patch(missing);
        if (sql == null) {
            return;
        }
        long changed = session.update(sql, arrays);
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
        insert(layout, rows);
        rows.clear();
    }

    private void deleteOne(RouteLayout layout, Tuple old) {
        long deleted = session.update(
                layout.sql().deleteOne(),
                arrays(layout, List.of(old), layout.sql().allColumns()));
        if (strict && layout.route().filter().isEmpty() && deleted != 1) {
            throw conflict(layout, "no row equal to the deleted one is there: " + old);
        }
    }

    private void writeInOrder(List<RowChange> changes) {
        for (RowChange change : changes) {
            try {
                writeOne(change);
            } catch (FaultException refused) {
                throw rowRefused(refused, change);
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
        Tuple row = update.row();
        if (update.moves()) {
            Moves moves = new Moves();
            moves.add(update.before(), row);
            boolean followed = move(layout, layout.missing(row), moves) == 1;
            if (!followed && layout.route().filter().isPresent()) {
                // It enters or leaves the rule, or is outside before and after.
                delete(layout, List.of(update.before()), 1);
                upsert(layout, List.of(row), 1);
            }
        } else if (layout.complete(row)) {
            upsert(layout, List.of(row), 0);
        } else {
            patch(layout, layout.missing(row), List.of(row));
        }
    }

    private long move(RouteLayout layout, Set<String> missing, Moves moves) {
        Object[] before = keyArrays(layout, moves.before());
        Object[] after = arrays(layout, moves.rows(), layout.sql().without(missing));
        Object[] both = new Object[before.length + after.length];
        System.arraycopy(before, 0, both, 0, before.length);
        System.arraycopy(after, 0, both, before.length, after.length);
        long moved = session.update(layout.sql().move(missing), both);
        if (moved == moves.size() || layout.route().filter().isPresent()) {
            return moved;
        }
        if (strict) {
            throw conflict(layout, moves.size() + " rows were to change their key, " + moved + " were there");
        }
        if (moves.size() > 1) {
            throw new RowNotThere();
        }
        missingRow
                .read(layout, layout.key(moves.rows().getFirst()))
                .ifPresent(found -> upsert(layout, List.of(found), 1));
        return moved;
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

    static Object[] arrays(RouteLayout layout, List<Tuple> rows, List<String> columns) {
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

    /** Whether the target refused a value: data exceptions and violated constraints (manual 14-18, appendix A). */
    static boolean refusedValue(FaultException failure) {
        String state = failure.fault().sqlState();
        return state.startsWith("22") || state.startsWith("23");
    }

    /** What the row caused is told with its key; what the server or the network caused stays what it is. */
    private FaultException rowRefused(FaultException failure, RowChange change) {
        String state = failure.fault().sqlState();
        if (!refusedValue(failure) && !state.startsWith("42")) {
            return failure;
        }
        session.execute(UNDO);
        Optional<RefusedColumn> column = RefusedColumn.find(session, change);
        String source = change.layout().route().source().toString();
        String row = change.key().isEmpty() ? "a row" : "row " + change.key();
        return new Fault(
                        FaultCode.ROW_REFUSED,
                        row + " of " + source
                                + column.map(found -> " does not fit " + found).orElse("") + ": "
                                + failure.fault().detail(),
                        column.map(RefusedColumn::name).orElse(failure.fault().object()),
                        state)
                .asException(failure);
    }
}
