package io.viridian.migration;

/**
 * One attempt to move ownership.
 *
 * @param nonce names the attempt; its markers in the streams carry it, so those of an older attempt are ignored
 * @param fromEpoch the ownership epoch before; the new owner has the next one
 * @param operation the operation that asked for it
 */
public record SwitchAttempt(String nonce, long fromEpoch, String operation) {
    public long toEpoch() {
        return fromEpoch + 1;
    }
}
