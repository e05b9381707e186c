package io.viridian.cutover.gate;

/**
 * A gate that neither servers nor streams decide: a hook's word, the approvals.
 *
 * @param hint what to do when it is not passing
 */
public record OwnGate(String id, boolean passing, String value, String limit, String hint) {
    Observation observation() {
        return new Observation(passing, value, limit, passing ? "" : hint);
    }
}
