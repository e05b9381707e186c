package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Tuple;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes slices through one session, inside whatever transaction is open there. One thread.
 *
 * <p>Set-wise first: deletes, then key changes, then writes, of all tables that fill one target together. When the
 * target refuses a value, the part of those tables is written again row by row in source order: the source itself could
 * do that, so a value that went from row to row within the slice passes, and what the target refuses still is named by
 * its row.
 */
public final class SliceWriter {
    private static final String SAVEPOINT = "savepoint viridian_slice";
    private static final String UNDO = "rollback to savepoint viridian_slice";
    private static final String RELEASE = "release savepoint viridian_slice";

    /** Rows of one statement have the same key: a row became two that its key does not tell apart. */
    private static final String TWICE = "21000";

    private static final String UNIQUE = "23505";

    private final Session session;
    private final boolean strict;
    private final MissingRow missingRow;
    private final RouteWriter routes;

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
        this.routes = new RouteWriter(session, strict);
    }

    /** Writes the slice; the caller has a transaction open and commits. */
    public void write(Slice slice) {
        session.execute(SAVEPOINT);
        if (slice.inOrderOnly()) {
            writeInOrder(slice.changes());
        } else if (!written(() -> slice.groups().forEach(this::setWise))) {
            session.execute(UNDO);
            slice.groups().forEach(this::orInOrder);
        }
        session.execute(RELEASE);
    }

    /** What one table loses another may have gained under the same key, so everything goes before anything comes. */
    private void setWise(Slice.Group group) {
        List<RouteNet> nets = new ArrayList<>();
        List<RouteNet> parts = new ArrayList<>();
        group.nets()
                .forEach((source, net) -> source.routes()
                        .forEach(layout -> (layout.part() ? parts : nets).add(RouteNet.of(layout, net, strict))));
        nets.forEach(net -> routes.delete(net.layout(), net.gone()));
        nets.forEach(net -> net.moved().forEach((missing, moves) -> move(net.layout(), missing, moves)));
        nets.forEach(net -> net.patched().forEach((missing, rows) -> routes.patch(net.layout(), missing, rows)));
        nets.forEach(net -> routes.insert(net.layout(), net.inserted()));
        nets.forEach(net -> routes.leave(net.layout(), net.leaving()));
        nets.forEach(net -> routes.upsert(net.layout(), net.written(), 0));
        parts.forEach(net -> routes.clear(net.layout(), net.gone()));
        parts.forEach(net -> net.patched().forEach((missing, rows) -> routes.patch(net.layout(), missing, rows)));
        group.unkeyed().forEach(this::writeUnkeyed);
    }

    /**
     * Set-wise, and when a value is refused, these tables alone row by row: no constraint spans others here, foreign
     * keys are the source's business.
     */
    private void orInOrder(Slice.Group group) {
        session.execute(SAVEPOINT);
        if (!written(() -> setWise(group))) {
            session.execute(UNDO);
            writeInOrder(group.changes());
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

    private void move(RouteLayout layout, Set<String> missing, RouteNet.Moves moves) {
        if (routes.move(layout, missing, moves) != moves.size() && !layout.expands()) {
            throw new RowNotThere();
        }
    }

    private void writeUnkeyed(SourceLayout source, List<RowChange> changes) {
        source.routes().forEach(layout -> writeUnkeyed(layout, changes));
    }

    private void writeUnkeyed(RouteLayout layout, List<RowChange> changes) {
        List<Tuple> appended = new ArrayList<>();
        for (RowChange change : changes) {
            switch (change) {
                case RowChange.Insert insert -> appended.add(insert.row());
                case RowChange.Update update -> {
                    append(layout, appended);
                    Tuple old = whole(layout, update.old());
                    routes.deleteOne(layout, old);
                    append(layout, new ArrayList<>(List.of(update.row().over(old))));
                }
                case RowChange.Delete delete -> {
                    append(layout, appended);
                    routes.deleteOne(layout, delete.old());
                }
                case RowChange.Truncate _ -> throw new IllegalStateException("a truncate is written in order");
            }
        }
        append(layout, appended);
    }

    private void append(RouteLayout layout, List<Tuple> rows) {
        routes.insert(layout, rows);
        rows.clear();
    }

    /** Values for a row come after the row, also where the source has them before. */
    private void writeInOrder(List<RowChange> changes) {
        writeInOrder(changes, layout -> !layout.part());
        writeInOrder(changes, RouteLayout::part);
    }

    private void writeInOrder(List<RowChange> changes, Predicate<RouteLayout> which) {
        for (RowChange change : changes) {
            for (RouteLayout layout : change.source().routes()) {
                if (!which.test(layout)) {
                    continue;
                }
                try {
                    writeOne(layout, change);
                } catch (FaultException refused) {
                    throw rowRefused(refused, layout, change);
                }
            }
        }
    }

    private void writeOne(RouteLayout layout, RowChange change) {
        if (layout.part()) {
            writePart(layout, change);
            return;
        }
        if (change instanceof RowChange.Truncate) {
            routes.deleteAll(layout);
            return;
        }
        if (!change.source().keyed()) {
            writeUnkeyed(layout, List.of(change));
            return;
        }
        switch (change) {
            case RowChange.Insert insert -> routes.upsert(layout, List.of(insert.row()), 1);
            case RowChange.Delete delete -> routes.delete(layout, RouteNet.Rows.of(delete.key(), delete.old()));
            case RowChange.Update update -> writeUpdate(layout, update);
            case RowChange.Truncate _ -> throw new IllegalStateException("handled above");
        }
    }

    private void writePart(RouteLayout layout, RowChange change) {
        switch (change) {
            case RowChange.Insert insert -> routes.patch(layout, Set.of(), List.of(insert.row()));
            case RowChange.Delete delete -> routes.clear(layout, RouteNet.Rows.of(delete.key(), delete.old()));
            case RowChange.Update update -> {
                if (update.moves()) {
                    routes.clear(layout, RouteNet.Rows.of(update.before(), update.old()));
                }
                routes.patch(layout, layout.missing(update.row()), List.of(update.row()));
            }
            case RowChange.Truncate _ -> routes.clearAll(layout);
        }
    }

    private void writeUpdate(RouteLayout layout, RowChange.Update update) {
        Tuple row = update.row();
        if (update.moves() && layout.expands()) {
            moveExpanded(layout, update);
        } else if (update.moves()) {
            moveOne(layout, update);
        } else if (layout.complete(row)) {
            routes.leave(layout, RouteNet.Leaving.of(update));
            routes.upsert(layout, List.of(row), 0);
        } else if (!layout.expands()) {
            routes.patch(layout, layout.missing(row), List.of(row));
        }
    }

    private void moveExpanded(RouteLayout layout, RowChange.Update update) {
        Tuple row = update.row();
        if (layout.complete(row)) {
            routes.delete(layout, RouteNet.Rows.of(update.before(), update.old()));
            routes.upsert(layout, List.of(row), 1);
        } else {
            RouteNet.Moves moves = new RouteNet.Moves();
            moves.add(update.before(), update.old(), row);
            routes.move(layout, layout.missing(row), moves);
        }
    }

    private void moveOne(RouteLayout layout, RowChange.Update update) {
        Tuple row = update.row();
        RouteNet.Moves moves = new RouteNet.Moves();
        moves.add(update.before(), update.old(), row);
        if (moved(layout, layout.missing(row), moves)) {
            return;
        }
        if (!layout.exact() && layout.complete(row)) {
            // It enters or leaves the rule, is outside before and after, or another rule has taken its place.
            routes.delete(layout, RouteNet.Rows.of(update.before(), update.old()));
            routes.upsert(layout, List.of(row), 1);
        } else {
            missingRow.read(update.source(), update.key()).ifPresent(found -> routes.upsert(layout, List.of(found), 1));
        }
    }

    /**
     * Whether the row was there and its new place was free, but for a row of another rule that has still to leave it.
     */
    private boolean moved(RouteLayout layout, Set<String> missing, RouteNet.Moves moves) {
        if (layout.route().owned().isEmpty()) {
            return routes.move(layout, missing, moves) == 1;
        }
        session.execute("savepoint viridian_move");
        try {
            boolean moved = routes.move(layout, missing, moves) == 1;
            session.execute("release savepoint viridian_move");
            return moved;
        } catch (FaultException taken) {
            if (!taken.fault().sqlState().equals(UNIQUE)
                    || !layout.complete(moves.rows().getFirst())) {
                throw taken;
            }
            session.execute("rollback to savepoint viridian_move; release savepoint viridian_move");
            return false;
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

    /** Whether the target refused a value: data exceptions and violated constraints (manual 14-18, appendix A). */
    static boolean refusedValue(FaultException failure) {
        String state = failure.fault().sqlState();
        return state.startsWith("22") || state.startsWith("23") || state.equals(TWICE);
    }

    /** What the row caused is told with its key; what the server or the network caused stays what it is. */
    private FaultException rowRefused(FaultException failure, RouteLayout layout, RowChange change) {
        String state = failure.fault().sqlState();
        if (!refusedValue(failure) && !state.startsWith("42")) {
            return failure;
        }
        session.execute(UNDO);
        Optional<RefusedColumn> column = RefusedColumn.find(session, layout, change);
        String row = change.key().isEmpty() ? "a row" : "row " + change.key();
        return new Fault(
                        FaultCode.ROW_REFUSED,
                        row + " of " + change.source()
                                + column.map(found -> " does not fit " + found).orElse("") + ": "
                                + failure.fault().detail(),
                        column.map(RefusedColumn::name).orElse(failure.fault().object()),
                        state)
                .asException(failure);
    }
}
