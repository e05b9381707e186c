package io.viridian.replication.merge;

import io.viridian.feed.Snapshot;
import io.viridian.replication.apply.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The window of an open chunk: every event in its range that the chunk's snapshot may not have seen. Filled by the
 * lane's thread; the worker that reads the chunk gives the snapshot as soon as it has it. Guarded by itself.
 */
public final class ChunkWindow {
    private final ChunkRange range;
    private final long bytesMax;
    private final Visibility visibility;
    private final List<Event> events = new ArrayList<>();
    private @Nullable Snapshot snapshot;
    private long bytes;
    private @Nullable String spoiled;

    ChunkWindow(ChunkRange range, long bytesMax, Visibility visibility) {
        this.range = range;
        this.bytesMax = bytesMax;
        this.visibility = visibility;
    }

    public ChunkRange range() {
        return range;
    }

    /** The snapshot that the chunk is read in; events it sees are part of the chunk and need not be kept. */
    public synchronized void readIn(Snapshot taken) {
        snapshot = taken;
        events.removeIf(event -> includes(taken, event));
        bytes = events.stream().mapToLong(event -> event.change().bytes()).sum();
    }

    synchronized void record(Event event) {
        Snapshot taken = snapshot;
        if (spoiled != null || (taken != null && includes(taken, event))) {
            return;
        }
        events.add(event);
        bytes += event.change().bytes();
        if (bytes > bytesMax) {
            spoiled = "more changed in it while it was read than fits into " + bytesMax + " bytes";
            events.clear();
        }
    }

    private boolean includes(Snapshot taken, Event event) {
        return visibility.includes(taken, event.xid(), event.commitLsn());
    }

    /** The lane starts anew and what this window recorded is lost with it. */
    synchronized void spoil(String why) {
        spoiled = why;
        events.clear();
    }

    /** Why the chunk must be read again, or empty when {@link #fold} is exact. */
    public synchronized Optional<String> mustBeReadAgain() {
        if (spoiled != null) {
            return Optional.of(spoiled);
        }
        for (Event event : events) {
            if (event.change() instanceof RowChange.Truncate) {
                return Optional.of("the table was truncated while it was read");
            }
            if (event.baseless()) {
                return Optional.of("a row moved into it without its large values");
            }
        }
        return Optional.empty();
    }

    /** What the snapshot did not see, in stream order: N of the protocol. */
    public synchronized List<RowChange> fold() {
        return events.stream().map(Event::change).toList();
    }
}
