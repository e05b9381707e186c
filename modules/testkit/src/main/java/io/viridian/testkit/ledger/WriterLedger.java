package io.viridian.testkit.ledger;

import java.util.Arrays;

/**
 * One writer's memory of all its operations: the outcome of each, and when those that were acknowledged were. Written
 * by the writer's thread, read by any. Times are microseconds since the workload began.
 */
final class WriterLedger {

    /** The number of a side is kept in a byte. */
    static final int SIDES_MAX = 16;

    private static final int INITIAL_CAPACITY = 1 << 10;
    private static final int WRITER_SHIFT = 32;

    private final int writer;
    private Outcome[] outcomes = new Outcome[INITIAL_CAPACITY];
    private long[] acknowledgedMicros = new long[INITIAL_CAPACITY];
    private int[] latencyMicros = new int[INITIAL_CAPACITY];
    private byte[] acknowledgedSides = new byte[INITIAL_CAPACITY];
    private int operations;
    private int acknowledged;

    WriterLedger(int writer) {
        this.writer = writer;
    }

    /** Gives the next id: never 0, unique among all writers. */
    synchronized long issue() {
        operations++;
        if (operations >= outcomes.length) {
            outcomes = Arrays.copyOf(outcomes, outcomes.length * 2);
        }
        outcomes[operations] = Outcome.INTENDED;
        return ((long) (writer + 1) << WRITER_SHIFT) | operations;
    }

    synchronized void settle(long operation, Outcome outcome) {
        outcomes[sequence(operation)] = outcome;
    }

    synchronized void acknowledge(long operation, int side, long micros, long latency) {
        settle(operation, Outcome.ACKNOWLEDGED);
        if (acknowledged == acknowledgedMicros.length) {
            int capacity = acknowledged * 2;
            acknowledgedMicros = Arrays.copyOf(acknowledgedMicros, capacity);
            latencyMicros = Arrays.copyOf(latencyMicros, capacity);
            acknowledgedSides = Arrays.copyOf(acknowledgedSides, capacity);
        }
        acknowledgedMicros[acknowledged] = micros;
        latencyMicros[acknowledged] = (int) Math.min(latency, Integer.MAX_VALUE);
        acknowledgedSides[acknowledged] = (byte) side;
        acknowledged++;
    }

    synchronized int acknowledged() {
        return acknowledged;
    }

    synchronized int operations() {
        return operations;
    }

    /** NONE for an id that this writer never gave out. */
    synchronized Outcome outcome(long operation) {
        int sequence = sequence(operation);
        return sequence < 1 || sequence > operations ? Outcome.NONE : outcomes[sequence];
    }

    synchronized int count(Outcome outcome) {
        int count = 0;
        for (int sequence = 1; sequence <= operations; sequence++) {
            if (outcomes[sequence] == outcome) {
                count++;
            }
        }
        return count;
    }

    synchronized Acknowledgements acknowledgements() {
        return new Acknowledgements(
                Arrays.copyOf(acknowledgedMicros, acknowledged),
                Arrays.copyOf(latencyMicros, acknowledged),
                Arrays.copyOf(acknowledgedSides, acknowledged));
    }

    /** Which writer gave out an id; out of range for one that nobody did. */
    static int writer(long operation) {
        return (int) (operation >>> WRITER_SHIFT) - 1;
    }

    static int sequence(long operation) {
        return (int) operation;
    }

    long operation(int sequence) {
        return ((long) (writer + 1) << WRITER_SHIFT) | sequence;
    }

    /** A copy, in the order of time; the arrays belong to whoever asked. */
    @SuppressWarnings("ArrayRecordComponent")
    record Acknowledgements(long[] micros, int[] latencyMicros, byte[] sides) {}
}
