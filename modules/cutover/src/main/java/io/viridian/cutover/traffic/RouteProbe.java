package io.viridian.cutover.traffic;

import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.route.RouteAddress;
import io.viridian.postgres.route.RouteVisit;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Goes the way that applications go and sees where it leads, whatever switchers say about themselves: the visitor
 * leaves a mark, and it is the side on which that mark is seen over our own connection. Any thread.
 */
public final class RouteProbe {
    private final RouteAddress address;
    private final Function<Side, Database> sides;
    private final Duration timeout;

    /**
     * The probe.
     *
     * @param sides our own connections
     * @param timeout for connecting and for each answer along the route
     */
    public RouteProbe(RouteAddress address, Function<Side, Database> sides, Duration timeout) {
        this.address = address;
        this.sides = sides;
        this.timeout = timeout;
    }

    public String name() {
        return "route " + address;
    }

    /** What keeps applications on this route from writing on the side; empty when nothing does. */
    public Optional<String> astray(Side side) {
        try (RouteVisit visit = RouteVisit.open(address, timeout)) {
            long mark = UUID.randomUUID().getMostSignificantBits();
            visit.mark(mark);
            if (!RouteVisit.marked(sides.apply(side), mark)) {
                return Optional.of("the route " + address + " leads to " + elsewhere(side.other(), mark) + ", not to "
                        + side.text());
            }
            visit.write();
            return Optional.empty();
        } catch (FaultException failure) {
            return Optional.of(failure.fault().detail());
        }
    }

    private String elsewhere(Side other, long mark) {
        try {
            return RouteVisit.marked(sides.apply(other), mark)
                    ? other.text()
                    : "a server that is neither blue nor green";
        } catch (FaultException silent) {
            return "another server, and whether it is " + other.text() + " cannot be asked ("
                    + silent.fault().detail() + ")";
        }
    }
}
