package io.viridian.replication.lane;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.postgres.slot.ServerLog;
import java.util.Optional;

/**
 * Whether the log that is read now goes on from the one that was read before. Behind a fail-over the target may have
 * what the new server never had, and what the new server writes up to that position would be taken for applied.
 * Stateless.
 */
final class LogContinuity {
    private LogContinuity() {}

    /**
     * The log of the server that answers now.
     *
     * @param before the log that {@code applied} is a position of; empty when nobody has noted it
     * @throws io.viridian.fault.FaultException with LOG_FORKED when the position is none of the new log
     */
    static ServerLog require(Database source, String slot, Optional<ServerLog> before, Lsn applied) {
        try (Session walsender = source.openWalsender("identify")) {
            ServerLog now = ServerLog.of(walsender);
            if (before.isPresent() && !before.get().equals(now)) {
                requireBranch(before.get(), now, walsender, slot, applied);
            }
            return now;
        }
    }

    private static void requireBranch(ServerLog before, ServerLog now, Session walsender, String slot, Lsn applied) {
        if (!before.system().equals(now.system())) {
            throw forked(
                    slot,
                    "another database system answers: " + now.system() + ", and the target has the stream of "
                            + before.system());
        }
        Optional<Lsn> end = now.endOf(before.timeline(), walsender);
        if (end.isEmpty()) {
            throw forked(
                    slot,
                    "the server writes timeline " + now.timeline() + ", which does not come from timeline "
                            + before.timeline() + ", of which the target has the stream up to " + applied);
        }
        if (applied.isAfter(end.get())) {
            throw forked(
                    slot,
                    "the server failed over to timeline " + now.timeline() + ", which left timeline "
                            + before.timeline() + " at " + end.get() + ", and the target has the stream up to "
                            + applied + ": it has transactions that the server has lost");
        }
    }

    private static RuntimeException forked(String slot, String what) {
        return Fault.about(FaultCode.LOG_FORKED, slot, what + "; nothing more is applied")
                .asException();
    }
}
