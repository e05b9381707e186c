package io.viridian.migration;

import java.util.Optional;

/** The deeds behind {@link MigrationState.Canary}. Every method may be called again after a crash. */
public interface CanaryWork {
    /**
     * The terms that an operation asks for.
     *
     * @throws io.viridian.fault.FaultException with USAGE when they make no sense, with GATE_REFUSED and every table
     *     and reason when both sides cannot be written
     */
    CanaryTerms terms(Operation operation);

    /** Opens green besides blue. Afterwards both lanes apply, and whatever either side commits is led to the other. */
    void open(CanaryTerms terms) throws InterruptedException;

    /** Has both lanes work on these terms; green is open. */
    void ensure(CanaryTerms terms) throws InterruptedException;

    /** What else ends it now: numbers that run short, too many conflicts. */
    Optional<String> obstacle();

    /**
     * Closes green to applications, waits until blue has what green had alone and green what blue had, and puts back
     * what was set for it.
     */
    void close(CanaryTerms terms) throws InterruptedException;
}
