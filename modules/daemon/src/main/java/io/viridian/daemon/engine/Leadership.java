package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.journal.Lease;
import io.viridian.plan.Side;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a daemon still leads, for deeds that compare no epoch themselves. Nobody may have taken the lease since; and
 * where the journal lives in a database of its own, somebody may lead without it, whose epoch both sides have seen.
 * Any thread.
 */
record Leadership(EngineParts parts, Lease lease) {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /**
     * Returns if it does.
     *
     * @param otherwise what this daemon does not do then
     * @throws FaultException with HELD_BY_ANOTHER
     */
    void require(String otherwise) {
        if (!parts.journalDatabase().query(lease::stillHeld)) {
            throw replaced(otherwise);
        }
        if (parts.journalApart()) {
            for (Side side : Side.values()) {
                if (epochOn(side) > lease.epoch()) {
                    throw replaced(otherwise);
                }
            }
        }
    }

    /** Whether it is known to lead no more. */
    boolean lost() {
        try {
            require("this one stops");
            return false;
        } catch (FaultException failure) {
            LOG.debug("{}", failure.getMessage());
            return failure.code() == FaultCode.HELD_BY_ANOTHER;
        }
    }

    /** A side that does not answer has nobody else leading: that takes both. */
    private long epochOn(Side side) {
        try {
            return parts.on(side).query(session -> TakeOver.highest(session, parts.migration()));
        } catch (FaultException unreachable) {
            if (unreachable.code().retry() != Retry.AUTOMATIC) {
                throw unreachable;
            }
            LOG.debug("whose epoch {} has seen is not known: {}", side, unreachable.getMessage());
            return 0;
        }
    }

    private FaultException replaced(String otherwise) {
        return Fault.about(
                        FaultCode.HELD_BY_ANOTHER,
                        parts.migration(),
                        "another daemon has taken over since " + lease.takenAt() + "; " + otherwise)
                .asException();
    }
}
