package io.viridian.replication.merge;

import io.viridian.feed.Snapshot;
import io.viridian.feed.Tuple;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.SourceRoutes;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.replication.apply.RowChange;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides for every change whether it is applied now or belongs to a chunk that is still to come, and keeps what may
 * be needed for those. Lane thread only.
 */
public final class KeySpace {
    private final Map<TableName, TableSpace> spaces = new HashMap<>();
    private final Unsettled unsettled;
    private final long windowBytesMax;
    private final Visibility visibility;
    private long xid;
    private Lsn commitLsn = Lsn.ZERO;
    private int unfinished;

    /**
     * All of every table is ahead.
     *
     * @param bytesMax bounds the unsettled set, and each window
     */
    public KeySpace(Collection<Route> routes, long bytesMax, Visibility visibility) {
        this.visibility = visibility;
        for (SourceRoutes one : Plan.sources(routes)) {
            spaces.put(
                    one.name(),
                    new TableSpace(one.keyed() ? KeyOrder.of(one.source()).orElse(null) : null));
        }
        unfinished = spaces.size();
        unsettled = new Unsettled(bytesMax, visibility);
        windowBytesMax = bytesMax;
    }

    /** No table is waiting for a copy: every change is applied. */
    public boolean complete() {
        return unfinished == 0;
    }

    public void begin(long transaction, Lsn committedAt) {
        xid = transaction;
        commitLsn = committedAt;
        if (!complete()) {
            unsettled.begin(transaction, committedAt);
        }
    }

    public void end() {
        if (!complete()) {
            unsettled.end();
        }
    }

    /**
     * Sends the change, or the parts of it, to where they belong.
     *
     * @param applied receives what concerns copied space
     */
    public void route(RowChange change, Consumer<RowChange> applied) {
        TableSpace space = space(change.source().name());
        if (space.done()) {
            applied.accept(change);
            return;
        }
        switch (change) {
            case RowChange.Truncate _ -> {
                // What is copied and committed before its merge may be newer than this.
                if (space.anyCopied()) {
                    applied.accept(change);
                }
                defer(space, change, Optional.empty(), false);
            }
            case RowChange.Insert insert -> place(space, insert, insert.key(), applied, false);
            case RowChange.Delete delete -> place(space, delete, delete.key(), applied, false);
            case RowChange.Update update -> update(space, update, applied);
        }
    }

    private void update(TableSpace space, RowChange.Update update, Consumer<RowChange> applied) {
        if (!update.moves()) {
            place(space, update, update.key(), applied, false);
            return;
        }
        boolean fromCopied = space.isCopied(update.before());
        boolean toCopied = space.isCopied(update.key());
        if (fromCopied && toCopied) {
            applied.accept(update);
            return;
        }
        boolean sameWindow = !fromCopied
                && !toCopied
                && space.window(Optional.of(update.before())).equals(space.window(Optional.of(update.key())))
                && space.window(Optional.of(update.key())).isPresent();
        if (sameWindow) {
            defer(space, update, Optional.of(update.key()), false);
            return;
        }
        Tuple old = update.old();
        RowChange.Delete gone =
                new RowChange.Delete(update.source(), update.before(), old == null ? update.row() : old);
        place(space, gone, update.before(), applied, false);
        RowChange.Insert come = new RowChange.Insert(update.source(), update.key(), update.row());
        boolean complete = update.source().complete(update.row());
        if (toCopied && !complete) {
            throw new MovedWithoutValues(update);
        }
        place(space, come, update.key(), applied, !complete);
    }

    private void place(
            TableSpace space, RowChange change, List<String> key, Consumer<RowChange> applied, boolean baseless) {
        if (space.isCopied(key)) {
            applied.accept(change);
        } else {
            defer(space, change, Optional.of(key), baseless);
        }
    }

    private void defer(TableSpace space, RowChange change, Optional<List<String>> key, boolean baseless) {
        Event event = new Event(xid, commitLsn, change, key, baseless);
        unsettled.add(event);
        if (change instanceof RowChange.Truncate) {
            space.windows().forEach(window -> window.record(event));
        } else {
            space.window(key).ifPresent(window -> window.record(event));
        }
    }

    /**
     * Opens the window of a chunk, seeded with what is unsettled in its range.
     *
     * @return empty when a transaction too large to remember is not yet proven visible: try again after settling
     */
    public Optional<ChunkWindow> open(ChunkRange range) {
        if (unsettled.forgetful()) {
            return Optional.empty();
        }
        TableSpace space = space(range.table());
        ChunkWindow window = new ChunkWindow(range, windowBytesMax, visibility);
        space.open(window);
        for (Event event : unsettled.eventsOf(range.table())) {
            boolean concerns = event.change() instanceof RowChange.Truncate
                    || space.window(event.key())
                            .filter(found -> found == window)
                            .isPresent();
            if (concerns) {
                window.record(event);
            }
        }
        return Optional.of(window);
    }

    /** The chunk is on the target, committed. */
    public void copied(ChunkRange range) {
        TableSpace space = space(range.table());
        boolean before = space.done();
        space.copied(range);
        count(before, space);
    }

    /** The table needs no chunk any more. */
    public void finished(TableName table) {
        TableSpace space = space(table);
        boolean before = space.done();
        space.finish();
        count(before, space);
    }

    private void count(boolean doneBefore, TableSpace space) {
        if (!doneBefore && space.done() && --unfinished == 0) {
            unsettled.clear();
        }
    }

    /** The chunk will be read again; a window that is not open any more is left alone. */
    public void abandoned(ChunkWindow window) {
        space(window.range().table()).abandoned(window);
    }

    /** The lane starts anew: windows lose what they recorded. */
    public void spoilWindows(String why) {
        spaces.values().forEach(space -> space.windows().forEach(window -> window.spoil(why)));
    }

    public void settle(Snapshot snapshot) {
        unsettled.settle(snapshot);
    }

    /** The source must keep its log from here on, so that a restart finds every unsettled transaction again. */
    public Optional<Lsn> oldestUnsettled() {
        return unsettled.oldest();
    }

    public int unsettledTransactions() {
        return unsettled.size();
    }

    private TableSpace space(TableName table) {
        TableSpace space = spaces.get(table);
        if (space == null) {
            throw new IllegalArgumentException("no route reads " + table);
        }
        return space;
    }

    /** A row moved from key space not yet copied into copied space, and its large values are only on the source. */
    public static final class MovedWithoutValues extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient RowChange.Update update;

        MovedWithoutValues(RowChange.Update update) {
            super("row " + update.before() + " moved to " + update.key() + " without its large values");
            this.update = update;
        }

        public RowChange.Update update() {
            return update;
        }
    }
}
