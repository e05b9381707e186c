package io.viridian.daemon.engine;

import io.viridian.control.MigrationControl;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.time.Instant;
import java.util.Optional;

/**
 * What ending the way back asks of whoever asks for it. As long as it is to be kept, and while it does not work or
 * nobody knows whether it does, they have to say that they mean it: by a reason, which is kept for ever, or by the
 * migration's name, as the command line has it typed. Pure.
 *
 * @param none whether there is no way back to lose any more
 * @param broken why it does not work now; empty when it does
 * @param keptUntil when it has been kept as long as was asked for
 */
record FinalizeTerms(String migration, boolean none, Optional<String> broken, Instant keptUntil) {
    /**
     * Returns when the request may be carried out.
     *
     * @throws FaultException with USAGE or GATE_REFUSED
     */
    void demand(MigrationControl.Request request, Instant now) {
        String confirmed = request.parameters().getOrDefault("confirm", "");
        if (!confirmed.isEmpty() && !confirmed.equals(migration)) {
            throw Fault.about(FaultCode.USAGE, "confirm", "'" + confirmed + "' is not the migration's name")
                    .asException();
        }
        Optional<String> objection = objection(now);
        if (objection.isPresent() && confirmed.isEmpty() && request.reason().isBlank()) {
            throw Fault.about(
                            FaultCode.GATE_REFUSED,
                            "reverse.keep-for",
                            objection.get() + ". To end it all the same give a reason, or the migration's name as "
                                    + "`confirm`; `viridian finalize` asks for the name")
                    .asException();
        }
    }

    private Optional<String> objection(Instant now) {
        if (none) {
            return Optional.empty();
        }
        if (broken.isPresent()) {
            return Optional.of("the way back does not work now (" + broken.get()
                    + "), and once it is ended nobody can mend it and go back");
        }
        return now.isBefore(keptUntil)
                ? Optional.of("the way back is to be kept until " + keptUntil + " (reverse.keep-for)")
                : Optional.empty();
    }
}
