package io.viridian.migration;

import java.time.Instant;
import java.util.Optional;

/**
 * One condition of a cutover, as it is now. What cannot be read counts as failed.
 *
 * @param id the contract's name, like {@code lag.seconds}
 * @param passing whether the cutover may go ahead as far as this gate is concerned
 * @param value what was read, for people
 * @param limit what is demanded, for people
 * @param hint what to do when it is not passing
 * @param since when it last changed between passing and not passing
 * @param overridden by whom, when somebody has said that it may be passed whatever it says
 */
public record Gate(
        String id,
        boolean passing,
        String value,
        String limit,
        String hint,
        Instant since,
        Optional<GateOverride> overridden) {
    /** A gate that nobody has overridden. */
    public Gate(String id, boolean passing, String value, String limit, String hint, Instant since) {
        this(id, passing, value, limit, hint, since, Optional.empty());
    }

    /** The same gate with what somebody said about it. */
    public Gate with(Optional<GateOverride> override) {
        return new Gate(id, passing, value, limit, hint, since, override);
    }

    /** Whether a switch may go ahead: because the gate passes, or because somebody has overridden it. */
    public boolean letsPass() {
        return passing || overridden.isPresent();
    }
}
