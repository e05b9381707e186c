package io.viridian.cutover.gate;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.postgres.Session;

/** What is common to the gates that look at other sessions. */
final class Activity {
    private static final String MAY_LOOK = "select pg_has_role('pg_read_all_stats', 'usage')";

    private Activity() {}

    /**
     * Without the right to look, other sessions' transactions read as absent (manual 14-18, section 27.2.3), which
     * would pass for calm.
     */
    static void requireSight(Session session) {
        if (!session.one(MAY_LOOK, row -> row.truth(1))) {
            throw Fault.about(
                            FaultCode.NOT_ALLOWED,
                            "pg_monitor",
                            "the role may not see other sessions on "
                                    + session.side().text() + ": grant pg_monitor to it")
                    .asException();
        }
    }
}
