package io.viridian.testkit.ledger;

import io.viridian.testkit.ledger.LedgerConfig.Volume;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The rows that one writer alone changes, as its last committed operation left them. Rows are numbered from 0 here;
 * their ids in the database follow from {@link #rowId} and {@link #documentId}. Used by the writer's thread while it
 * runs, by the checker while it is paused; the gate's lock lies between.
 */
final class Partition {

    /** In {@link #tokens}: the slot is empty. In {@link #visits}: the row is deleted. */
    static final long NONE = Long.MIN_VALUE;

    /** Codes of one writer's badges lie between its number times this and the next; nobody renumbers that often. */
    private static final long CODES_PER_WRITER = 1L << 40;

    final long[] counters;

    /** The unique value in each slot. */
    final long[] tokens;

    /** Values taken out of a slot by one transaction and not yet put into another by the next. */
    final Deque<Long> hand = new ArrayDeque<>();

    /** The operation that inserted each visit. */
    final long[] visits;

    /** The operations that last wrote the parts of each document, and how many writes there were. */
    final long[] bodies;

    final long[] titles;
    final long[] revisions;

    /** The primary key of each badge, and the operation that last changed it. */
    final long[] codes;

    final long[] stamps;

    /** A code that a badge had before and nobody has now. */
    long freeCode;

    private final int writer;
    private final Volume volume;
    private long codesGiven;

    Partition(int writer, Volume volume) {
        this.writer = writer;
        this.volume = volume;
        counters = new long[volume.rowsPerWriter()];
        tokens = new long[volume.rowsPerWriter()];
        visits = new long[volume.rowsPerWriter()];
        bodies = new long[volume.documentsPerWriter()];
        titles = new long[volume.documentsPerWriter()];
        revisions = new long[volume.documentsPerWriter()];
        codes = new long[volume.documentsPerWriter()];
        stamps = new long[volume.documentsPerWriter()];
        Arrays.setAll(tokens, row -> initialToken(row, volume, rowId(row)));
        Arrays.setAll(codes, row -> newCode());
        freeCode = newCode();
    }

    /** One slot in five starts empty, at least one, so that there is always somewhere to hand a value to. */
    static long initialToken(int row, Volume volume, long rowId) {
        int empty = Math.max(1, volume.rowsPerWriter() / 5);
        return row >= volume.rowsPerWriter() - empty ? NONE : rowId;
    }

    long rowId(int row) {
        return (long) writer * volume.rowsPerWriter() + row + 1;
    }

    long documentId(int row) {
        return (long) writer * volume.documentsPerWriter() + row + 1;
    }

    /** A code no badge has ever had. Given out for good: an operation that fails leaves a gap. */
    long newCode() {
        return (writer + 1) * CODES_PER_WRITER + codesGiven++;
    }
}
