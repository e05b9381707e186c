package io.viridian.cutover.gate;

import io.viridian.cutover.Guard;
import io.viridian.cutover.GuardState;
import io.viridian.feed.LaneStatus;
import io.viridian.plan.TableName;
import java.util.List;
import java.util.Optional;

/**
 * Nobody but us writes on the target: its guard is closed on every table, and the lane that watches saw no stranger.
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
        List<TableName> unguarded = inquiry.ask(
                inquiry.target(),
                session -> Guard.unguarded(session, inquiry.plan().tablesOn(inquiry.target())));
        long foreign = inquiry.facts().back().map(LaneStatus::foreign).orElse(0L);
        return Observation.of(
                guard.closed() && unguarded.isEmpty() && foreign == 0,
                value(guard, unguarded, foreign),
                "guard closed everywhere, 0 foreign transactions",
                "Find who writes on " + inquiry.target().text() + ", stop it, then run `viridian verify`.");
    }

    private static String value(GuardState guard, List<TableName> unguarded, long foreign) {
        if (!guard.closed()) {
            return "the guard is open";
        }
        if (!unguarded.isEmpty()) {
            return "without guard: " + unguarded;
        }
        return foreign + " foreign transactions";
    }
}
