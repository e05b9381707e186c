package io.viridian.model.cutover;

import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Lane.Mode;
import io.viridian.model.cutover.Outside.Alarm;
import io.viridian.model.cutover.Server.Ownership;
import io.viridian.model.cutover.Server.Sessions;

/**
 * Everything there is at one moment.
 *
 * @param blue the side of the first day
 * @param green the side that is going to take over
 * @param first a daemon
 * @param second another one
 * @param journal what daemons leave to each other
 * @param pooler what stands between applications and servers
 * @param outside what may still happen
 */
public record CutoverState(
        Server blue, Server green, Daemon first, Daemon second, Journal journal, Pooler pooler, Outside outside) {
    /** Blue owns, and one daemon follows it: the forward lane applies, and the other one as it is told. */
    static CutoverState firstDay(CutoverScope scope, Mode back) {
        return new CutoverState(
                Server.firstDay(Side.BLUE, scope.closesSessions() ? Sessions.LEFT : Sessions.GUARDED),
                Server.firstDay(Side.GREEN, Sessions.GUARDED),
                new Daemon(
                        Stage.RESTING,
                        1,
                        Journal.FIRST_DAY.entry(),
                        Journal.FIRST_DAY.state(),
                        new Lane(Mode.APPLY, 0),
                        new Lane(back, 0)),
                Daemon.DOWN,
                Journal.FIRST_DAY,
                Pooler.firstDay(scope.pooled()),
                scope.outside());
    }

    Server server(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    Daemon daemon(Who who) {
        return who == Who.FIRST ? first : second;
    }

    CutoverState with(Side side, Server changed) {
        return side == Side.BLUE
                ? new CutoverState(changed, green, first, second, journal, pooler, outside)
                : new CutoverState(blue, changed, first, second, journal, pooler, outside);
    }

    CutoverState with(Who who, Daemon changed) {
        return who == Who.FIRST
                ? new CutoverState(blue, green, changed, second, journal, pooler, outside)
                : new CutoverState(blue, green, first, changed, journal, pooler, outside);
    }

    CutoverState with(Journal changed) {
        return new CutoverState(blue, green, first, second, changed, pooler, outside);
    }

    CutoverState with(Pooler changed) {
        return new CutoverState(blue, green, first, second, journal, changed, outside);
    }

    CutoverState with(Outside changed) {
        return new CutoverState(blue, green, first, second, journal, pooler, changed);
    }

    CutoverState at(Who who, Stage stage) {
        return with(who, daemon(who).at(stage));
    }

    /** One accident fewer is in store; only to be asked when there is one. */
    CutoverState afterMishap() {
        return with(outside.withMishaps(outside.mishaps() - 1));
    }

    boolean mayGoWrong() {
        return outside.mishaps() > 0;
    }

    /** Whether some daemon runs that nobody has taken over from. */
    boolean hasCurrentDaemon() {
        return isCurrent(first) || isCurrent(second);
    }

    private boolean isCurrent(Daemon daemon) {
        return !daemon.isDown() && daemon.lease() == journal.lease();
    }

    /** Whether this side takes itself for the owner although the other one is, or is being opened, since a transfer. */
    boolean isForgetful(Side side) {
        Ownership row = server(side).row();
        Ownership other = server(side.other()).row();
        boolean isLater = other.open() && row.epoch() < other.epoch();
        return row.open() && (isLater || opensBeside(first, side) || opensBeside(second, side));
    }

    private boolean opensBeside(Daemon daemon, Side side) {
        return daemon.isOpening()
                && daemon.source() == side
                && daemon.state().toEpoch() > server(side).row().epoch();
    }

    /** Whose open transaction holds the lock on this side's ownership row, besides a commit point in flight. */
    Who rowLockedBy(Side side) {
        if (first.is(Stage.TAKING) && first.target() == side) {
            return Who.FIRST;
        }
        return second.is(Stage.TAKING) && second.target() == side ? Who.SECOND : Who.NOBODY;
    }

    /** Whether a transaction of this daemon that changes or locks the ownership row has to wait for another one. */
    boolean rowIsBusy(Side side, Who who) {
        Who holder = rowLockedBy(side);
        return server(side).locks().inFlight() || (holder != Who.NOBODY && holder != who);
    }

    @Override
    public String toString() {
        return "blue: " + blue + " | green: " + green + " | D1 " + first + (second.isDown() ? "" : " | D2 " + second)
                + " | journal " + journal + (pooler.used() ? " | pooler " + pooler : "")
                + (outside.alarm() == Alarm.NONE ? "" : " | ALARM " + outside.alarm());
    }
}
