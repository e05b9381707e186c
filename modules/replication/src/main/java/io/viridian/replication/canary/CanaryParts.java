package io.viridian.replication.canary;

import io.viridian.fault.Failpoints;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.time.Clock;
import java.util.List;

/**
 * What is needed to settle conflicts.
 *
 * @param daemonEpoch the epoch of the lease this daemon holds
 * @param pairs the tables that both sides write
 * @param ties the foreign keys between them
 * @param soles what they hold once only
 * @param conflictsMost so many are kept; one more ends the canary
 * @param rowsMost so many changes may be under way in one direction
 */
public record CanaryParts(
        String migration,
        long daemonEpoch,
        Database blue,
        Database green,
        List<RowPair> pairs,
        Ties ties,
        Soles soles,
        int conflictsMost,
        int rowsMost,
        Failpoints failpoints,
        Clock clock) {
    /** Beyond it somebody writes the same rows on both sides all the time, and keeping the images tells nobody more. */
    public static final int CONFLICTS_MOST = 10_000;

    public CanaryParts {
        pairs = List.copyOf(pairs);
    }

    /** Some 400 bytes each and in each direction: a fifth of the memory. */
    public static int rowsThatFit() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / 4096, 20_000, 2_000_000);
    }

    /** A pair, by blue's name of its table. */
    RowPair pair(TableName table) {
        return pairs.stream()
                .filter(pair -> pair.on(Side.BLUE).equals(table))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no pair of " + table));
    }

    Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }
}
