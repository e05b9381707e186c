package io.viridian.replication.lane;

import io.viridian.plan.Direction;
import java.time.Duration;

/**
 * How a lane works.
 *
 * @param migration names origins, markers and rows of ours
 * @param daemonEpoch the epoch of the lease this daemon holds; a lane with an older one can commit nothing
 * @param windowRows changes after which a window is written
 * @param windowTime time after which a window is committed although more is waiting; a slow target lengthens it
 * @param memoryBytes shared by what is decoded and waiting, the unsettled set, each chunk's window, and what is read of
 *     transactions that are still open
 */
public record LaneSettings(
        String migration,
        Direction direction,
        long daemonEpoch,
        int windowRows,
        Duration windowTime,
        long memoryBytes) {
    /** Into so many parts the memory is divided. */
    public static final int SHARES = 4;

    /** The replication origin that tags what this lane commits; the other direction's lane leaves it alone. */
    public String origin() {
        return originOf(migration, direction);
    }

    /** The origin of the lane in the given direction. */
    public static String originOf(String migration, Direction direction) {
        return "viridian_" + migration.replace('-', '_') + "_" + direction.text();
    }

    /** The replication origin that tags rows which were made equal on both sides while both were written. */
    public static String settlingOriginOf(String migration) {
        return "viridian_" + migration.replace('-', '_') + "_settling";
    }

    /** The slot on the source, and the publication too. */
    public String slot() {
        return slotOf(migration, direction);
    }

    /** The slot of the lane in the given direction. */
    public static String slotOf(String migration, Direction direction) {
        return originOf(migration, direction);
    }
}
