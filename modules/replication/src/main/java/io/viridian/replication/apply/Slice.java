package io.viridian.replication.apply;

import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Consecutive changes that are written together: kept in source order, for the replay, and as net effect per row. One
 * thread. A change that the net effect cannot express ({@link #fits}) starts a slice of its own.
 */
public final class Slice {
    private final List<RowChange> changes = new ArrayList<>();
    private final Map<SourceLayout, TableNet> nets = new LinkedHashMap<>();
    private final Map<SourceLayout, List<RowChange>> unkeyed = new LinkedHashMap<>();
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

    /** The changes of tables whose rows can meet in a target. */
    record Group(
            Map<SourceLayout, TableNet> nets, Map<SourceLayout, List<RowChange>> unkeyed, List<RowChange> changes) {}

    /** Everything in it, unless it is {@link #inOrderOnly}. */
    Collection<Group> groups() {
        Map<TableName, Group> groups = new LinkedHashMap<>();
        nets.forEach((source, net) -> group(groups, source).nets().put(source, net));
        unkeyed.forEach((source, ofSource) -> group(groups, source).unkeyed().put(source, ofSource));
        changes.forEach(change -> group(groups, change.source()).changes().add(change));
        return groups.values();
    }

    private static Group group(Map<TableName, Group> groups, SourceLayout source) {
        return groups.computeIfAbsent(
                source.group(), _ -> new Group(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>()));
    }

    /** A filter decides anew for a row whose key changes, so such a row is followed one by one. */
    private static boolean needsOrder(RowChange change) {
        return switch (change) {
            case RowChange.Truncate _ -> true;
            case RowChange.Update update -> update.moves() && update.source().filtered();
            case RowChange.Insert _, RowChange.Delete _ -> false;
        };
    }

    private void addNet(RowChange change) {
        if (!change.source().keyed()) {
            unkeyed.computeIfAbsent(change.source(), _ -> new ArrayList<>()).add(change);
            return;
        }
        TableNet net = nets.computeIfAbsent(change.source(), TableNet::new);
        switch (change) {
            case RowChange.Insert insert -> net.insert(insert.key(), insert.row());
            case RowChange.Delete delete -> net.delete(delete.key(), delete.old());
            case RowChange.Update update -> net.update(update.before(), update.key(), update.row(), update.old());
            case RowChange.Truncate _ -> throw new IllegalStateException("a truncate has no net effect");
        }
    }
}
