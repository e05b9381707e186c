package io.viridian.daemon.engine;

import io.viridian.cutover.traffic.Traffic;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the routes once a switch has set them: whoever led them elsewhere, a daemon that woke up late, a restored
 * configuration, is corrected, and it is told. The conductor's thread.
 */
final class RouteKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(RouteKeeper.class);

    /** A bouncer that hangs takes two seconds of each look, in which nobody's request is begun. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    private final Traffic traffic;
    private final Happenings happenings;
    private final Clock clock;
    private OptionalLong looked = OptionalLong.empty();

    RouteKeeper(Traffic traffic, Happenings happenings, Clock clock) {
        this.traffic = traffic;
        this.happenings = happenings;
        this.clock = clock;
    }

    /** Leads the applications to the owner again if they are seen to be led elsewhere; seldom, however often called. */
    void look(Side owner) throws InterruptedException {
        if (looked.isPresent() && clock.since(looked.getAsLong()).compareTo(LOOK_EVERY) < 0) {
            return;
        }
        looked = OptionalLong.of(clock.nanoTime());
        try {
            List<String> astray = traffic.elsewhere(owner);
            if (!astray.isEmpty()) {
                happenings.tell(
                        "traffic.astray",
                        String.join(", ", astray) + " did not lead to " + owner.text() + ", which owns the writes");
                traffic.perform(owner);
                happenings.tell(
                        "traffic.corrected", String.join(", ", astray) + " leads to " + owner.text() + " again");
            }
        } catch (FaultException unreachable) {
            // The gate traffic.reachable shows it for as long as it lasts.
            LOG.warn(
                    "the routes could not be looked after: {}",
                    unreachable.fault().sentence());
        }
    }
}
