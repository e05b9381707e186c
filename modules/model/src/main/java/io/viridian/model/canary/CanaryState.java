package io.viridian.model.canary;

import io.viridian.model.Side;
import io.viridian.model.canary.Entry.Origin;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Everything there is at one moment.
 *
 * @param blue one side
 * @param green the other one; both are written
 * @param daemon leads the changes of each to the other
 * @param outside what may still happen, and what has
 */
public record CanaryState(Server blue, Server green, Daemon daemon, Outside outside) {
    /** A row that nobody has made yet. */
    static CanaryState firstDay(Outside outside) {
        return new CanaryState(Server.FIRST_DAY, Server.FIRST_DAY, Daemon.FIRST_DAY, outside);
    }

    Server server(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    Lane lane(Side reading) {
        return daemon.lane(reading);
    }

    CanaryState with(Side side, Server changed) {
        return side == Side.BLUE
                ? new CanaryState(changed, green, daemon, outside)
                : new CanaryState(blue, changed, daemon, outside);
    }

    CanaryState with(Daemon changed) {
        return new CanaryState(blue, green, changed, outside);
    }

    CanaryState with(Side reading, Lane changed) {
        return with(daemon.with(reading, changed));
    }

    CanaryState with(Outside changed) {
        return new CanaryState(blue, green, daemon, changed);
    }

    /** One accident fewer is in store; only to be asked when there is one. */
    CanaryState afterMishap() {
        return with(outside.afterMishap());
    }

    /** What applications have written on this side between two positions. */
    List<Write> written(Side side, int from, int to) {
        return server(side).log().subList(Math.min(from, to), to).stream()
                .filter(entry -> entry.origin() == Origin.APPLICATION)
                .map(Entry::write)
                .collect(Collectors.toList());
    }

    /** What applications have written on this side and is neither on the other one nor settled, as the servers say. */
    List<Write> underWay(Side side) {
        int from = Math.max(
                server(side.other()).progress(), blue.mark().and(green.mark()).on(side));
        return written(side, from, server(side).end());
    }

    boolean hasUnderWay() {
        return !underWay(Side.BLUE).isEmpty() || !underWay(Side.GREEN).isEmpty();
    }

    @Override
    public String toString() {
        return "blue: " + blue + " | green: " + green + " | " + daemon
                + (outside.alarm() == Outside.Alarm.NONE ? "" : " | ALARM " + outside.alarm());
    }
}
