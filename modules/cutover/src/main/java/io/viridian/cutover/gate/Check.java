package io.viridian.cutover.gate;

import java.util.Optional;

/** One condition. */
interface Check {
    /** The contract's name. */
    String id();

    /**
     * Reads the condition now; empty when it does not apply.
     *
     * @throws RuntimeException when it cannot be read, which counts as failed
     */
    Optional<Observation> observe(Inquiry inquiry) throws InterruptedException;
}
