package io.viridian.migration;

import java.time.Instant;

/**
 * A person's word that a switch may go ahead although a gate does not pass. The gate stays what it is; this is shown
 * beside it.
 *
 * @param until when it ends by itself
 */
public record GateOverride(String by, String reason, Instant at, Instant until) {
    /** For events and refusals. */
    String words() {
        return "overridden by " + by + " until " + until + ": " + reason;
    }
}
