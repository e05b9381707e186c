package io.viridian.feed;

import java.util.HashSet;
import java.util.Set;

/**
 * Which transactions a read has seen: PostgreSQL's {@code pg_snapshot} (manual 14-18, section 9.27.7). This is the only
 * exact test of whether a streamed transaction is part of a chunk; positions in the log are not (protocol §0).
 *
 * @param xmin every transaction before it has ended
 * @param xmax the first transaction that had not ended when the snapshot was taken
 * @param running top-level transactions between the two that had not ended
 */
public record Snapshot(long xmin, long xmax, Set<Long> running) {
    public Snapshot {
        running = Set.copyOf(running);
    }

    /**
     * Reads the text form {@code xmin:xmax:xip,xip}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static Snapshot parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a pg_snapshot: '" + text + "'");
        }
        Set<Long> running = new HashSet<>();
        for (String xid : parts[2].split(",")) {
            if (!xid.isEmpty()) {
                running.add(Long.parseLong(xid));
            }
        }
        return new Snapshot(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
    }

    /** Whether a committed transaction, named by the 32-bit id of the stream, is visible in this snapshot. */
    public boolean sees(long xid) {
        long full = widen(xid);
        return full < xmin || (full < xmax && !running.contains(full));
    }

    /**
     * The 64-bit id of a 32-bit one: the candidate nearest to {@link #xmax}. PostgreSQL itself never lets two living
     * ids be more than 2^31 apart (manual 14-18, section 25.1.5).
     */
    long widen(long xid) {
        long candidate = (xmax & ~0xFFFF_FFFFL) | (xid & 0xFFFF_FFFFL);
        long distance = candidate - xmax;
        if (distance > Integer.MAX_VALUE) {
            return candidate - (1L << 32);
        }
        return distance < Integer.MIN_VALUE ? candidate + (1L << 32) : candidate;
    }
}
