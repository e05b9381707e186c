package io.viridian.testkit.ledger;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the workload does.
 *
 * @param sides candidates for writes, the first one first
 * @param writers concurrent clients
 * @param seed of everything random; the same seed and the same answers of the servers give the same operations
 * @param operationsPerSecond of all writers together; {@link #UNLIMITED} for as fast as the servers answer
 * @param kinds the mix
 * @param operationsMax of all writers together, after which they only wait: the bound of the ledger's memory, about 20
 *     bytes each
 * @param journal the file that records every operation as it happens
 */
public record LedgerConfig(
        List<Side> sides,
        int writers,
        long seed,
        Volume volume,
        int operationsPerSecond,
        Set<OperationKind> kinds,
        int operationsMax,
        Path journal) {

    public static final int UNLIMITED = 0;

    /** Enough to contend for locks, few enough for two cores. */
    private static final int DEFAULT_WRITERS = 4;

    /** An hour at a thousand per second. */
    private static final int DEFAULT_OPERATIONS_MAX = 4_000_000;

    /**
     * How much data there is before the first operation.
     *
     * @param rowsPerWriter in each of accounts, counters, slots and visits
     * @param documentsPerWriter in each of documents and badges
     * @param documentBytes of each large value; the random content does not compress, so above 2 kB it goes out of line
     */
    public record Volume(int rowsPerWriter, int documentsPerWriter, int documentBytes) {

        public Volume {
            if (rowsPerWriter < 2 || documentsPerWriter < 2 || documentBytes < 1) {
                throw new IllegalArgumentException("swaps need two rows, documents need content");
            }
        }

        public static Volume small() {
            return new Volume(20, 5, 9_000);
        }
    }

    public LedgerConfig {
        sides = List.copyOf(sides);
        kinds = Set.copyOf(kinds);
        if (sides.isEmpty() || sides.size() > WriterLedger.SIDES_MAX || kinds.isEmpty() || writers < 1) {
            throw new IllegalArgumentException("needs writers, something to do, and 1 to 16 sides");
        }
    }

    public static LedgerConfig of(Path journal, Side... sides) {
        return new LedgerConfig(
                List.of(sides),
                DEFAULT_WRITERS,
                1,
                Volume.small(),
                UNLIMITED,
                EnumSet.allOf(OperationKind.class),
                DEFAULT_OPERATIONS_MAX,
                journal);
    }

    public LedgerConfig withWriters(int count) {
        return new LedgerConfig(sides, count, seed, volume, operationsPerSecond, kinds, operationsMax, journal);
    }

    public LedgerConfig withSeed(long other) {
        return new LedgerConfig(sides, writers, other, volume, operationsPerSecond, kinds, operationsMax, journal);
    }

    public LedgerConfig withVolume(Volume other) {
        return new LedgerConfig(sides, writers, seed, other, operationsPerSecond, kinds, operationsMax, journal);
    }

    public LedgerConfig withOperationsPerSecond(int rate) {
        return new LedgerConfig(sides, writers, seed, volume, rate, kinds, operationsMax, journal);
    }

    public LedgerConfig withKinds(Set<OperationKind> mix) {
        return new LedgerConfig(sides, writers, seed, volume, operationsPerSecond, mix, operationsMax, journal);
    }

    public LedgerConfig withOperationsMax(int limit) {
        return new LedgerConfig(sides, writers, seed, volume, operationsPerSecond, kinds, limit, journal);
    }
}
