package io.viridian.cutover.gate;

import java.util.Optional;

/** One condition. */
interface Check {
    /** The contract's name. */
    String id();

    /**
     * Why nobody may override it, in the middle of a sentence; empty when somebody may. What a switch rests on must not
     * be overridden: an override may cost time or comfort, never an acknowledged write.
     */
    String firmBecause();

    /**
     * Reads the condition now; empty when it does not apply.
     *
     * @throws RuntimeException when it cannot be read, which counts as failed
     */
    Optional<Observation> observe(Inquiry inquiry) throws InterruptedException;
}
