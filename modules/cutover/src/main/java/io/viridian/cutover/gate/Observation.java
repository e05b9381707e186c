package io.viridian.cutover.gate;

import java.util.Optional;

/** What a {@link Check} saw. The hint is for when it fails. */
record Observation(boolean passing, String value, String limit, String hint) {
    static Optional<Observation> of(boolean passing, String value, String limit, String hint) {
        return Optional.of(new Observation(passing, value, limit, passing ? "" : hint));
    }
}
