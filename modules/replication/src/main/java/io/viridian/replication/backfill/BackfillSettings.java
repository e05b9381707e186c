package io.viridian.replication.backfill;

import java.util.OptionalLong;

/**
 * How the copy works.
 *
 * @param workers connections to each side that copy at the same time
 * @param wholeTableBytesMax tables up to this size are one chunk, without a key index while they are loaded
 * @param chunkBytes aimed-at size of a chunk of larger tables, on blue's disk
 * @param bytesPerSecondMax limit over all workers; empty means none
 */
public record BackfillSettings(
        String migration,
        long daemonEpoch,
        int workers,
        long wholeTableBytesMax,
        long chunkBytes,
        OptionalLong bytesPerSecondMax) {}
