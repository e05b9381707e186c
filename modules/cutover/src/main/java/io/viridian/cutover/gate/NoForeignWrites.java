package io.viridian.cutover.gate;

import io.viridian.cutover.Closing;
import io.viridian.cutover.Guard;
import io.viridian.cutover.GuardState;
import io.viridian.cutover.ReadOnlyDefault;
import io.viridian.feed.LaneStatus;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.Optional;

/**
 * Nobody but us writes on the target: its guard is closed on every table, or its sessions begin read-only, and the
 * lane that watches saw no stranger.
 */
final class NoForeignWrites implements Check {
    @Override
    public String id() {
        return "green.no-foreign-writes";
    }

    @Override
    public String firmBecause() {
        return "somebody else may write on the side that is to own the writes, and whose row wins "
                + "nobody could say";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        GuardState guard = inquiry.ask(inquiry.target(), Guard::inspect);
        boolean bySessions = inquiry.target() == Side.BLUE && inquiry.parts().closing() == Closing.SESSIONS;
        String open =
                inquiry.ask(inquiry.target(), session -> bySessions ? writable(session) : unguarded(inquiry, session));
        long foreign = inquiry.facts().back().map(LaneStatus::foreign).orElse(0L);
        return Observation.of(
                guard.closed() && open.isEmpty() && foreign == 0,
                value(guard, open, foreign),
                (bySessions ? "sessions begin read-only" : "guard closed everywhere") + ", 0 foreign transactions",
                "Find who writes on " + inquiry.target().text()
                        + ", stop it, mend the rows, start the daemon anew, then run `viridian verify`.");
    }

    private static String unguarded(Inquiry inquiry, Session session) {
        List<TableName> unguarded = Guard.unguarded(session, inquiry.plan().tablesOn(inquiry.target()));
        return unguarded.isEmpty() ? "" : "without guard: " + unguarded;
    }

    private static String writable(Session session) {
        return ReadOnlyDefault.isOn(session) ? "" : "default_transaction_read_only of the database is not on";
    }

    private static String value(GuardState guard, String open, long foreign) {
        if (!guard.closed()) {
            return "the guard is open";
        }
        if (!open.isEmpty()) {
            return open;
        }
        return foreign + " foreign transactions";
    }
}
