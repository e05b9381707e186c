package io.viridian.daemon.config;

import java.util.Optional;

/**
 * How existing rows are copied.
 *
 * @param wholeTableUpTo tables up to this size are one chunk, with indexes built after the load
 * @param maxRate empty: no limit
 */
public record BackfillSettings(int workers, ByteSize wholeTableUpTo, ByteSize chunkSize, Optional<ByteRate> maxRate) {
    public BackfillSettings {
        new SettingRules()
                .limit(BackfillKeys.WORKERS, workers)
                .limit(BackfillKeys.WHOLE_TABLE_UP_TO, wholeTableUpTo)
                .limit(BackfillKeys.CHUNK_BYTES, chunkSize)
                .limit(BackfillKeys.MAX_RATE, maxRate)
                .orThrow();
    }
}
