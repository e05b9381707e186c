package io.viridian.model.ownership;

import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.ownership.Server.Fence;
import io.viridian.model.ownership.Server.Ownership;
import io.viridian.model.ownership.Server.Writes;

/**
 * Everything there is at one moment of a switch.
 *
 * @param blue the side of the first day
 * @param green the side that is going to take over
 * @param first a daemon
 * @param second the other daemon
 * @param outside what the world still has in store
 */
public record OwnershipState(Server blue, Server green, Daemon first, Daemon second, Outside outside) {
    /** What a runtime assertion of the daemon would have reported. */
    enum Alarm {
        NONE,
        TWO_OWNERS,
        STALE_APPLY
    }

    /**
     * How much may still happen from outside.
     *
     * @param orders switches the operator may still order, in whichever direction is due
     * @param writes transactions the applications may still begin
     * @param mishaps lost connections, lost answers, crashes
     * @param takeOvers times a daemon may take over from one that is alive
     * @param alarm raised by a daemon that met the impossible
     */
    record Outside(int orders, int writes, int mishaps, int takeOvers, Alarm alarm) {
        Outside(int orders, int writes, int mishaps, int takeOvers) {
            this(orders, writes, mishaps, takeOvers, Alarm.NONE);
        }

        Outside afterOrder() {
            return new Outside(orders - 1, writes, mishaps, takeOvers, alarm);
        }

        Outside afterWrite() {
            return new Outside(orders, writes - 1, mishaps, takeOvers, alarm);
        }

        Outside afterMishap() {
            return new Outside(orders, writes, mishaps - 1, takeOvers, alarm);
        }

        Outside afterTakeOver() {
            return new Outside(orders, writes, mishaps, takeOvers - 1, alarm);
        }

        Outside with(Alarm raised) {
            return new Outside(orders, writes, mishaps, takeOvers, raised);
        }
    }

    static OwnershipState firstDay(Outside outside) {
        return new OwnershipState(
                new Server(new Ownership(Side.BLUE, 1, true), 1, Fence.NONE, Writes.NONE),
                new Server(new Ownership(Side.BLUE, 1, false), 1, Fence.NONE, Writes.NONE),
                Daemon.ready(1, Side.BLUE, 1),
                Daemon.DOWN,
                outside);
    }

    Server server(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    Daemon daemon(Who who) {
        return who == Who.FIRST ? first : second;
    }

    OwnershipState with(Side side, Server changed) {
        return side == Side.BLUE
                ? new OwnershipState(changed, green, first, second, outside)
                : new OwnershipState(blue, changed, first, second, outside);
    }

    OwnershipState with(Who who, Daemon changed) {
        return who == Who.FIRST
                ? new OwnershipState(blue, green, changed, second, outside)
                : new OwnershipState(blue, green, first, changed, outside);
    }

    OwnershipState with(Outside changed) {
        return new OwnershipState(blue, green, first, second, changed);
    }

    /** Whether some daemon runs whose lease nobody has raised since. */
    boolean hasCurrentDaemon() {
        int newest = newestLease();
        return (!first.isDown() && first.lease() == newest) || (!second.isDown() && second.lease() == newest);
    }

    int newestLease() {
        return Math.max(blue.lease(), green.lease());
    }

    @Override
    public String toString() {
        return "blue " + blue + " green " + green + " D1 " + first + " D2 " + second
                + (outside.alarm == Alarm.NONE ? "" : " ALARM " + outside.alarm);
    }
}
