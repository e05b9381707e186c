package io.viridian.system;

import io.viridian.fault.FaultException;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import java.util.Map;
import java.util.Optional;

/** What an operator sees of a daemon and may ask of it, whichever way it runs. */
interface Panel {
    StateName state();

    /** The contract's word: never, running, clean, stale, mismatch. */
    String verification();

    /** What is wrong, in the words of the status; empty when nothing is. */
    String fault();

    /**
     * Asks for an operation.
     *
     * @throws FaultException when it cannot be asked for now
     */
    Asked submit(Operation.Type type, Map<String, String> parameters);

    Optional<Asked> find(String id);

    /** An operation, as the status shows it. */
    record Asked(String id, Operation.Type type, Operation.Status status, Map<String, String> result) {
        boolean succeeded() {
            return status == Operation.Status.SUCCEEDED;
        }

        /** The measured pause of the writers, in milliseconds. */
        long writePauseMillis() {
            return Math.round(Double.parseDouble(result.getOrDefault("write_pause_ms", "NaN")));
        }
    }
}
