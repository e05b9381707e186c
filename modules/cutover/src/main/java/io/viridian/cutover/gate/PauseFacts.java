package io.viridian.cutover.gate;

import io.viridian.cutover.MeasuredPause;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the daemon knows about the pause of a switch before it is made.
 *
 * @param base the newest rehearsal or switch in the same direction
 * @param lastSwitch the newest switch in either direction, which alone shows what commit and opening cost
 * @param touched rows that VERIFY would have to compare now
 * @param bytesPerSecond the fastest that the lane was seen to take the log lately
 */
public record PauseFacts(
        Optional<MeasuredPause> base, Optional<MeasuredPause> lastSwitch, long touched, OptionalLong bytesPerSecond) {
    /** Nothing was measured yet. */
    public static final PauseFacts NONE = new PauseFacts(Optional.empty(), Optional.empty(), 0, OptionalLong.empty());
}
