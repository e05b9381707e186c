package io.viridian.replication.merge;

import io.viridian.feed.Snapshot;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The unsettled set U: streamed transactions that no snapshot has yet proven visible, with their events outside copied
 * key space. Normally a handful. A member too large to keep is kept without its events; then no window may open until
 * it is proven visible ({@link #forgetful}).
 */
final class Unsettled {
    private final Deque<Member> members = new ArrayDeque<>();
    private final long bytesMax;
    private final Visibility visibility;
    private long bytes;

    Unsettled(long bytesMax, Visibility visibility) {
        this.bytesMax = bytesMax;
        this.visibility = visibility;
    }

    private static final class Member {
        final long xid;
        final Lsn commitLsn;
        final Map<TableName, List<Event>> events = new HashMap<>();
        boolean forgotten;
        long bytes;

        Member(long xid, Lsn commitLsn) {
            this.xid = xid;
            this.commitLsn = commitLsn;
        }
    }

    /** A transaction begins; its events follow. */
    void begin(long xid, Lsn commitLsn) {
        members.addLast(new Member(xid, commitLsn));
    }

    /** An event of the newest transaction. */
    void add(Event event) {
        Member member = members.getLast();
        if (member.forgotten) {
            return;
        }
        long size = event.change().bytes();
        if (bytes + size > bytesMax) {
            bytes -= member.bytes;
            member.bytes = 0;
            member.events.clear();
            member.forgotten = true;
            return;
        }
        TableName table = event.change().source().name();
        member.events.computeIfAbsent(table, _ -> new ArrayList<>()).add(event);
        member.bytes += size;
        bytes += size;
    }

    /** The newest transaction ended; one without events for us needs no proof. */
    void end() {
        Member member = members.getLast();
        if (member.events.isEmpty() && !member.forgotten) {
            members.removeLast();
        }
    }

    /** Lets go of what this snapshot sees. */
    void settle(Snapshot snapshot) {
        members.removeIf(member -> {
            boolean visible = visibility.includes(snapshot, member.xid, member.commitLsn);
            if (visible) {
                bytes -= member.bytes;
            }
            return visible;
        });
    }

    /** The events of one table, in stream order: the seed of a window. */
    List<Event> eventsOf(TableName table) {
        List<Event> found = new ArrayList<>();
        members.forEach(member -> found.addAll(member.events.getOrDefault(table, List.of())));
        return found;
    }

    /** Whether some member's events are not here any more, so that no window may be seeded. */
    boolean forgetful() {
        return members.stream().anyMatch(member -> member.forgotten);
    }

    /** Where the oldest member's commit record starts: the source must be able to stream from there again. */
    Optional<Lsn> oldest() {
        Member first = members.peekFirst();
        return first == null ? Optional.empty() : Optional.of(first.commitLsn);
    }

    int size() {
        return members.size();
    }

    void clear() {
        members.clear();
        bytes = 0;
    }
}
