package io.viridian.daemon.engine;

import io.viridian.control.MigrationView;
import io.viridian.cutover.Closing;
import io.viridian.cutover.Guard;
import io.viridian.cutover.Ownership;
import io.viridian.cutover.OwnershipRows;
import io.viridian.cutover.Stragglers;
import io.viridian.fault.FaultException;
import io.viridian.feed.LaneStatus;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the side that does not own the writes: who is refused there, who is connected to it still, and whether
 * somebody has written all the same. One thread looks, any reads.
 */
final class ClosedSide {
    private static final Logger LOG = LoggerFactory.getLogger(ClosedSide.class);

    /** Clients that never moved are refused all day; an event for each would hide all others. */
    private static final Duration TELL_EVERY = Duration.ofMinutes(10);

    private final EngineParts parts;
    private final Clock clock;
    private final Happenings happenings;
    private final Map<Side, Stragglers> seen = new ConcurrentHashMap<>();
    private volatile Optional<Side> closed = Optional.empty();

    /** Of the side that is closed now. */
    private News refused = new News(OptionalLong.empty());

    private News written = new News(OptionalLong.of(0));
    private boolean connectedTold;

    ClosedSide(EngineParts parts, Happenings happenings) {
        this.parts = parts;
        this.clock = parts.clock();
        this.happenings = happenings;
    }

    /** A number that only grows; tells of it when it has grown, at once and then seldom. */
    private final class News {
        private OptionalLong known;
        private OptionalLong toldAt = OptionalLong.empty();

        /** @param known up to where it is no news; empty for where it stands at the first look */
        News(OptionalLong known) {
            this.known = known;
        }

        /** How much was added since the last time that this was told; zero while that is not to be told. */
        long worthTelling(long now) {
            if (known.isEmpty()) {
                known = OptionalLong.of(now);
            }
            long grown = now - known.getAsLong();
            boolean quiet =
                    toldAt.isPresent() && clock.since(toldAt.getAsLong()).compareTo(TELL_EVERY) < 0;
            if (grown <= 0 || quiet) {
                return 0;
            }
            known = OptionalLong.of(now);
            toldAt = OptionalLong.of(clock.nanoTime());
            return grown;
        }
    }

    /** @param owner of the writes; nobody between the commit point and the opening */
    void look(Optional<Side> owner, Function<Direction, Optional<ApplyLane>> lanes) {
        if (owner.isEmpty()) {
            return;
        }
        Side side = owner.get().other();
        if (!closed.equals(Optional.of(side))) {
            closed = Optional.of(side);
            refused = new News(OptionalLong.empty());
            written = new News(OptionalLong.of(0));
            connectedTold = false;
        }
        try {
            Optional<Stragglers> found = parts.on(side)
                    .query(session -> Guard.inspect(session).closed()
                            ? Optional.of(Stragglers.on(session, parts.on(side).applicationName()))
                            : Optional.empty());
            found.ifPresentOrElse(one -> seen(side, one), () -> seen.remove(side));
        } catch (FaultException unreachable) {
            LOG.debug("nobody can be looked for on {}: {}", side, unreachable.getMessage());
        }
        lanes.apply(Direction.from(side)).map(ApplyLane::status).ifPresent(status -> stranger(side, status));
    }

    private void seen(Side side, Stragglers found) {
        seen.put(side, found);
        long more = refused.worthTelling(found.refused());
        if (more > 0) {
            happenings.tell(
                    "closed.refused",
                    side.text() + " is closed and has refused " + more + " more statements; connected to it: "
                            + words(found));
        }
        if (side == Side.BLUE && !connectedTold && found.sessions() > 0) {
            connectedTold = true;
            happenings.tell("closed.connected", "still connected to blue, which is closed: " + words(found));
        }
    }

    private static String words(Stragglers found) {
        return found.clients().isEmpty()
                ? "nobody"
                : found.clients().stream().map(Stragglers.Client::words).collect(Collectors.joining(", "));
    }

    private void stranger(Side side, LaneStatus status) {
        long more = status.applying() ? 0 : written.worthTelling(status.foreign());
        if (more > 0) {
            happenings.tell(
                    "closed.written",
                    more + " transactions that are not ours wrote on " + side.text()
                            + ", which is closed; the next switch is refused until the rows are mended, the daemon is"
                            + " started anew and `viridian verify` has found nothing");
        }
    }

    /**
     * Whether a blue that has handed over may be written still: where it is closed by its sessions, those of before are
     * ended behind the deciding commit, and a daemon may have died in between. They are, once green is open.
     */
    boolean mayBeWritten() {
        return Wiring.closing(parts) == Closing.SESSIONS
                && parts.green()
                        .query(session -> OwnershipRows.read(session, parts.migration()))
                        .filter(row -> row.state() == Ownership.State.OPEN)
                        .isEmpty();
    }

    /** What a side has refused, if it counts. */
    OptionalLong refused(Side side) {
        Stragglers found = seen.get(side);
        return found == null || !counts(side, found) ? OptionalLong.empty() : OptionalLong.of(found.refused());
    }

    /** A session that is read-only is refused before anything of ours could count. */
    private boolean counts(Side side, Stragglers found) {
        return found.counts() && !(side == Side.BLUE && Wiring.closing(parts) == Closing.SESSIONS);
    }

    Optional<MigrationView.ClosedView> view() {
        return closed.flatMap(side -> Optional.ofNullable(seen.get(side)).map(found -> view(side, found)));
    }

    private MigrationView.ClosedView view(Side side, Stragglers found) {
        return new MigrationView.ClosedView(
                side.text(),
                counts(side, found) ? Optional.of(found.refused()) : Optional.empty(),
                found.sessions(),
                found.clients().stream()
                        .map(client -> new MigrationView.ClientView(
                                client.role(), client.application(), client.address(), client.sessions()))
                        .toList());
    }
}
