package io.viridian.replication.canary;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.feed.Marker;
import io.viridian.feed.Tuple;
import io.viridian.plan.Direction;
import io.viridian.plan.Route;
import io.viridian.plan.RowKey;
import io.viridian.plan.RowPair;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.replication.apply.SourceLayout;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which rows the source of a direction has changed by changes that are not applied on its target yet, as far as its
 * stream was read. The receiver's thread tells of what it reads, before anybody waits in a queue; any thread asks.
 */
final class InFlight {
    /** Markers come a few times a second and with every window; whoever waits for one has not been gone for long. */
    private static final int MARKERS_MOST = 5_000;

    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private final Direction direction;
    private final String migration;
    private final Set<String> ours;
    private final int most;
    private final Map<TableName, SourceLayout> layouts;
    private final Map<TableName, RowPair> pairs;
    private final Waiter waiter = new Waiter();

    private final Map<RowKey, List<Touch>> touches = new HashMap<>();
    private final Deque<Committed> order = new ArrayDeque<>();
    private final Map<String, Lsn> markers = new LinkedHashMap<>();
    private int count;
    private Lsn applied = Lsn.ZERO;
    private boolean unsure = true;
    private boolean ended;

    /** The last transaction of which there were too many rows to remember. */
    private @Nullable Touch forgotten;

    // Of the transaction being read.
    private Change.@Nullable Begin begin;
    private boolean own;
    private boolean tooMany;
    private Map<RowKey, Touch.Kind> changed = new LinkedHashMap<>();
    private final List<String> passed = new ArrayList<>();

    private record Committed(Lsn at, Collection<RowKey> rows) {}

    InFlight(String migration, Direction direction, Collection<RowPair> pairs, Set<String> ours, int most) {
        this.migration = migration;
        this.direction = direction;
        this.ours = Set.copyOf(ours);
        this.most = most;
        List<Route> routes =
                pairs.stream().map(pair -> pair.from(direction.source())).toList();
        this.layouts = SourceLayout.of(routes);
        this.pairs = new HashMap<>();
        pairs.forEach(pair -> this.pairs.put(pair.on(direction.source()), pair));
    }

    /** The stream is opened: what is not applied comes again. */
    synchronized void restart() {
        touches.clear();
        order.clear();
        markers.clear();
        passed.clear();
        changed = new LinkedHashMap<>();
        count = 0;
        forgotten = null;
        begin = null;
        ended = false;
    }

    /** The stream broke: its lane learns it only when it takes something out of its queue. */
    synchronized void ended() {
        ended = true;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    synchronized void observe(Change change) {
        switch (change) {
            case Change.Begin begun -> {
                begin = begun;
                own = false;
                tooMany = false;
                changed = new LinkedHashMap<>();
                passed.clear();
            }
            case Change.Origin origin -> own = ours.contains(origin.name());
            case Change.Described _ -> {}
            case Change.Insert insert -> touched(insert.table(), Touch.Kind.INSERT, layout -> layout.key(insert.row()));
            case Change.Delete delete -> touched(delete.table(), Touch.Kind.DELETE, layout -> layout.key(delete.old()));
            case Change.Update update -> updated(update);
            case Change.Truncate truncate -> truncated(truncate);
            case Change.Message message -> message(message);
            case Change.Commit _ -> committed();
        }
    }

    private void touched(Change.SourceTable table, Touch.Kind kind, Function<SourceLayout, List<String>> key) {
        SourceLayout layout = layouts.get(table.name());
        RowPair pair = pairs.get(table.name());
        if (own || tooMany || layout == null || pair == null) {
            return;
        }
        if (changed.size() >= most) {
            tooMany = true;
            changed = new LinkedHashMap<>();
            return;
        }
        // The first kind tells whether the row was new, unless it went in the end.
        changed.merge(
                pair.named(direction.source(), key.apply(layout)),
                kind,
                (earlier, later) -> later == Touch.Kind.DELETE || earlier == Touch.Kind.DELETE ? later : earlier);
    }

    private void updated(Change.Update update) {
        Tuple old = update.old();
        if (old != null) {
            touched(update.table(), Touch.Kind.UPDATE, layout -> layout.key(old));
        }
        touched(update.table(), Touch.Kind.UPDATE, layout -> layout.key(layout.withKey(update.row(), old)));
    }

    private void truncated(Change.Truncate truncate) {
        Change.Begin begun = begin;
        if (!own && begun != null && !begun.commitLsn().isBefore(applied)) {
            throw Fault.about(
                            FaultCode.CANARY_BROKEN,
                            truncate.tables().getFirst().name().toString(),
                            direction.source().text() + " truncated "
                                    + truncate.tables().getFirst().name()
                                    + " although both sides are written, so nobody can tell which rows of the other"
                                    + " side that meant; the stream stops before it")
                    .asException();
        }
    }

    private void message(Change.Message message) {
        if (message.transactional() && message.prefix().equals(Marker.PREFIX)) {
            Marker.parse(message.content())
                    .filter(marker -> marker.migration().equals(migration))
                    .ifPresent(marker -> passed.add(marker.nonce()));
        }
    }

    private void committed() {
        Change.Begin begun = begin;
        if (begun == null) {
            return;
        }
        if (!begun.commitLsn().isBefore(applied)) {
            remember(begun);
        }
        changed = new LinkedHashMap<>();
        begin = null;
        for (String nonce : passed) {
            markers.put(nonce, begun.commitLsn());
        }
        while (markers.size() > MARKERS_MOST) {
            markers.remove(markers.keySet().iterator().next());
        }
        if (!passed.isEmpty()) {
            waiter.wake();
        }
    }

    private void remember(Change.Begin begun) {
        if (tooMany || count + changed.size() > most) {
            forgotten = new Touch(begun.commitLsn(), begun.commitTime(), Touch.Kind.UPDATE);
            return;
        }
        changed.forEach((row, kind) -> touches.computeIfAbsent(row, _ -> new ArrayList<>())
                .add(new Touch(begun.commitLsn(), begun.commitTime(), kind)));
        if (!changed.isEmpty()) {
            count += changed.size();
            order.add(new Committed(begun.commitLsn(), changed.keySet()));
        }
    }

    /** Everything before is on the target. */
    synchronized void applied(Lsn before) {
        applied = before;
        unsure = false;
        while (!order.isEmpty() && order.getFirst().at().isBefore(before)) {
            Committed done = order.removeFirst();
            for (RowKey row : done.rows()) {
                touches.computeIfPresent(row, (_, ofRow) -> {
                    ofRow.removeIf(touch -> touch.committed().isBefore(before));
                    return ofRow.isEmpty() ? null : ofRow;
                });
            }
            count -= done.rows().size();
        }
        Touch large = forgotten;
        if (large != null && large.committed().isBefore(before)) {
            forgotten = null;
        }
    }

    synchronized void unsure() {
        unsure = true;
    }

    /**
     * Waits until the marker has been read, and answers where it was committed; empty when it does not come in time.
     */
    Optional<Lsn> awaitRead(String nonce, Deadline by) throws InterruptedException {
        waiter.awaitUntil(() -> position(nonce).isPresent(), by, LOOK_EVERY);
        return position(nonce);
    }

    private synchronized Optional<Lsn> position(String nonce) {
        return Optional.ofNullable(markers.get(nonce));
    }

    /**
     * Those of the rows that are changed by changes under way, given that this marker was read.
     *
     * @param settled which changes of which row are done with all the same
     * @return empty when that cannot be told now
     */
    synchronized Optional<Set<RowKey>> underWay(
            String nonce, Collection<RowKey> rows, BiPredicate<RowKey, Touch> settled) {
        if (unsure || forgotten != null || !markers.containsKey(nonce)) {
            return Optional.empty();
        }
        Set<RowKey> found = new HashSet<>();
        for (RowKey row : rows) {
            if (touches.getOrDefault(row, List.of()).stream().anyMatch(touch -> open(row, touch, settled))) {
                found.add(row);
            }
        }
        return Optional.of(found);
    }

    /** The changes of a row that are under way, in their order; of one too large to remember, that it is there. */
    synchronized List<Touch> of(RowKey row, BiPredicate<RowKey, Touch> settled) {
        List<Touch> open = new ArrayList<>(touches.getOrDefault(row, List.of()).stream()
                .filter(touch -> open(row, touch, settled))
                .toList());
        Touch large = forgotten;
        if (open.isEmpty() && large != null) {
            open.add(large);
        }
        return open;
    }

    private boolean open(RowKey row, Touch touch, BiPredicate<RowKey, Touch> settled) {
        return !touch.committed().isBefore(applied) && !settled.test(row, touch);
    }

    /** The row that a change of the stream names, for each key that it touches. */
    RowKey named(TableName table, List<String> key) {
        RowPair pair = pairs.get(table);
        if (pair == null) {
            throw Fault.about(
                            FaultCode.STREAM_UNEXPECTED,
                            table.toString(),
                            "the stream carries " + table + ", which is not written on both sides")
                    .asException();
        }
        return pair.named(direction.source(), key);
    }

    SourceLayout layout(TableName table) {
        SourceLayout layout = layouts.get(table);
        if (layout == null) {
            throw new IllegalArgumentException("no layout of " + table);
        }
        return layout;
    }
}
