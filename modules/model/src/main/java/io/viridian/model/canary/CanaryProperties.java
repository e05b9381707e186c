package io.viridian.model.canary;

import io.viridian.model.Invariant;
import io.viridian.model.Side;
import io.viridian.model.canary.Outside.Alarm;
import java.util.List;

/** What is demanded: of every state, and of those in which nothing happens any more. */
public final class CanaryProperties {
    public static final String CONVERGED = "a row of which nothing is under way is the same on both sides";
    public static final String SEEN = "no write goes over one that it had not seen";
    public static final String KEPT = "of two writes that had not seen each other one is kept with the other";
    public static final String KEPT_ONCE = "a conflict is kept once, and only where neither had seen the other";
    public static final String NO_ECHO = "no write comes back to where it was made";
    public static final String GOES_ON = "no lane stands before a row that nobody else has changed";

    private CanaryProperties() {}

    static List<Invariant<CanaryState>> invariants() {
        return List.of(
                new Invariant<>(
                        CONVERGED,
                        state -> state.hasUnderWay()
                                || state.blue().row().looksLike(state.green().row())),
                without(SEEN, Alarm.OVERWRITTEN_UNSEEN),
                new Invariant<>(KEPT, CanaryProperties::isKept),
                without(KEPT_ONCE, Alarm.SETTLED_FOR_NOTHING),
                without(NO_ECHO, Alarm.CAME_BACK),
                without(GOES_ON, Alarm.STANDS));
    }

    private static Invariant<CanaryState> without(String name, Alarm alarm) {
        return new Invariant<>(name, state -> state.outside().alarm() != alarm);
    }

    /** Looked at when nothing is under way: until then it may still be found. */
    private static boolean isKept(CanaryState state) {
        if (state.hasUnderWay()) {
            return true;
        }
        for (Write one : state.written(Side.BLUE, 0, state.blue().end())) {
            for (Write other : state.written(Side.GREEN, 0, state.green().end())) {
                if (one.isConcurrentTo(other) && !state.outside().tellsOf(one, other)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Where it may end: a daemon has led everything to the other side, and nobody waits for a lock. */
    static boolean isSettled(CanaryState state) {
        return state.daemon().up()
                && state.daemon().rests()
                && !state.hasUnderWay()
                && !state.blue().locked()
                && !state.green().locked();
    }
}
