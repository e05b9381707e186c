package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Consecutive changes that are written together: kept in source order, for the replay, and as net effect per row. One
 * thread. A change that the net effect cannot express ({@link #fits}) starts a slice of its own.
 */
public final class Slice {
    private final List<RowChange> changes = new ArrayList<>();
    private final Map<RouteLayout, TableNet> nets = new LinkedHashMap<>();
    private final Map<RouteLayout, List<RowChange>> unkeyed = new LinkedHashMap<>();
    private boolean inOrderOnly;
    private long bytes;

    /** Whether the change can join; otherwise write this slice first and begin another. */
    public boolean fits(RowChange change) {
        return changes.isEmpty() || (!inOrderOnly && !needsOrder(change));
    }

    public void add(RowChange change) {
        if (needsOrder(change)) {
            inOrderOnly = true;
        } else {
            addNet(change);
        }
        changes.add(change);
        bytes += change.bytes();
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    public int size() {
        return changes.size();
    }

    public long bytes() {
        return bytes;
    }

    /** In source order. */
    public List<RowChange> changes() {
        return changes;
    }

    boolean inOrderOnly() {
        return inOrderOnly;
    }

    Map<RouteLayout, TableNet> nets() {
        return nets;
    }

    Map<RouteLayout, List<RowChange>> unkeyed() {
        return unkeyed;
    }

    private boolean needsOrder(RowChange change) {
        return switch (change) {
            case RowChange.Truncate _ -> true;
            case RowChange.Update update -> update.moves() && !movable(update);
            case RowChange.Insert _, RowChange.Delete _ -> false;
        };
    }

    /** A key change is delete and insert when every value is known, from the change itself or from this slice. */
    private boolean movable(RowChange.Update update) {
        if (update.layout().complete(update.row())) {
            return true;
        }
        TableNet net = nets.get(update.layout());
        Tuple image = net == null ? null : net.image(update.before());
        return image != null && update.layout().complete(update.row().over(image));
    }

    private void addNet(RowChange change) {
        if (!change.layout().keyed()) {
            unkeyed.computeIfAbsent(change.layout(), _ -> new ArrayList<>()).add(change);
            return;
        }
        TableNet net = nets.computeIfAbsent(change.layout(), TableNet::new);
        switch (change) {
            case RowChange.Insert insert -> net.insert(insert.key(), insert.row());
            case RowChange.Delete delete -> net.delete(delete.key());
            case RowChange.Update update -> {
                if (update.moves()) {
                    Tuple image = net.image(update.before());
                    Tuple row = image == null ? update.row() : update.row().over(image);
                    net.delete(update.before());
                    net.insert(update.key(), row);
                } else {
                    net.update(update.key(), update.row());
                }
            }
            case RowChange.Truncate _ -> throw new IllegalStateException("a truncate has no net effect");
        }
    }
}
