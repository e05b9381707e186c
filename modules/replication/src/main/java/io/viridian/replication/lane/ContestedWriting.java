package io.viridian.replication.lane;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.RowKey;
import io.viridian.replication.apply.MissingRow;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import io.viridian.replication.lane.Contest.Contested;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applications write on the target, too. A window is written, which locks its rows there; then everything that the
 * target has committed is waited for in the other stream, and only when none of it touched these rows is the window
 * committed. Otherwise it is undone, the rows in question are settled on both sides, and the rest is written again.
 */
final class ContestedWriting implements PartWriting {
    /** Settled rows are not written again, so every attempt has less to meet; many in a row are a bug or a storm. */
    private static final int ATTEMPTS = 50;

    /** Beyond it parts are written as they come, and read again from the source should a row be contested. */
    private static final long GATHERED_MOST = 32L << 20;

    /** A stream that is far behind is read on meanwhile, as far as there is memory. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(60);

    /** What is not told now is met by the next attempt. */
    private static final int RIVALS_MOST = 100;

    private static final String TAKEN = "23505";

    /** After it the value is taken by something that neither stream tells of. */
    private static final int TAKEN_UNSEEN_MOST = 5;

    /** Without the turn. */
    private static final Duration YIELD = Duration.ofMillis(20);

    private final Contest contest;
    private final Direction direction;
    private final TargetSession session;
    private final MovedRows movedRows;
    private final TouchedKeys touched;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private final Set<RowKey> written = new HashSet<>();
    private List<Window.Part> gathered = new ArrayList<>();
    private long gatheredBytes;
    private boolean partlyWritten;
    private int takenUnseen;
    private volatile boolean turn;

    ContestedWriting(
            Contest contest,
            Direction direction,
            TargetSession session,
            MovedRows movedRows,
            TouchedKeys touched,
            Clock clock) {
        this.contest = contest;
        this.direction = direction;
        this.session = session;
        this.movedRows = movedRows;
        this.touched = touched;
        this.clock = clock;
    }

    @Override
    public WindowWriter.@Nullable Written write(Window.Part next) {
        try {
            return written(next);
        } catch (Ambiguity unknown) {
            contest.unsure(direction);
            throw unknown;
        } catch (RuntimeException failure) {
            session.undo();
            endTurn();
            throw failure;
        }
    }

    private WindowWriter.@Nullable Written written(Window.Part next) {
        long began = clock.nanoTime();
        gathered.add(next);
        gatheredBytes += next.slice().bytes();
        Window.End end = next.end();
        if (end != null) {
            finish(end);
            return new WindowWriter.Written(end, clock.since(began), session.lossy());
        }
        if (gatheredBytes > GATHERED_MOST) {
            writeAhead();
        }
        return null;
    }

    private void finish(Window.End end) {
        if (!partlyWritten && gathered.stream().allMatch(part -> part.slice().isEmpty())) {
            session.commit(end);
            contest.applied(direction, end.at());
        } else {
            writeUntilNobodyContests(end);
        }
        gathered = new ArrayList<>();
        gatheredBytes = 0;
    }

    private void writeUntilNobodyContests(Window.End end) {
        Deadline by = Deadline.after(clock, TOLD_WITHIN);
        int settled = 0;
        while (true) {
            takeTurn();
            Optional<Contested> contested = attempt();
            if (contested.filter(Contested::nothing).isPresent()) {
                session.commit(end);
                contest.applied(direction, end.at());
                written.clear();
                partlyWritten = false;
                takenUnseen = 0;
                endTurn();
                return;
            }
            session.undo();
            boolean told = contested.filter(contest::settle).isPresent();
            written.clear();
            endTurn();
            if (partlyWritten) {
                throw again("a large transaction could not be written at once");
            }
            if (told && ++settled >= ATTEMPTS) {
                throw again("its rows were contested " + ATTEMPTS + " times in a row");
            }
            if (!told) {
                if (contest.ended(direction)) {
                    throw again("it broke");
                }
                if (by.expired()) {
                    throw again("the other stream was not read up to now within " + TOLD_WITHIN.toSeconds()
                            + " s; when both are far behind, raise apply.memory");
                }
                letTheOtherLaneGoOn();
            }
        }
    }

    private void letTheOtherLaneGoOn() {
        try {
            waiter.await(YIELD);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw again("it was broken off");
        }
    }

    /** Writes what is gathered; answers what the target's applications have changed, too, if that can be told. */
    private Optional<Contested> attempt() {
        try {
            gathered.forEach(this::put);
            List<Orphan> orphans = session.look(target -> contest.orphans(target, written));
            return contest.contested(direction, written).map(rows -> new Contested(rows, orphans, List.of()));
        } catch (FaultException refused) {
            return contestedOr(refused);
        }
    }

    /** A row that is not as it was expected was perhaps changed there; otherwise it is what it always is. */
    private Optional<Contested> contestedOr(FaultException refused) {
        if (refused.code() != FaultCode.APPLY_CONFLICT && refused.code() != FaultCode.ROW_REFUSED) {
            throw refused;
        }
        session.undo();
        Optional<Contested> contested =
                contest.contested(direction, written).map(rows -> new Contested(rows, List.of(), rivals(refused)));
        if (contested.filter(Contested::nothing).isEmpty()) {
            return contested;
        }
        // Who held the value may have let go of it before we looked.
        if (isTaken(refused) && ++takenUnseen < TAKEN_UNSEEN_MOST) {
            return Optional.empty();
        }
        throw refused;
    }

    private static boolean isTaken(FaultException refused) {
        return refused.fault().sqlState().equals(TAKEN);
    }

    private List<Rival> rivals(FaultException refused) {
        if (!isTaken(refused)) {
            return List.of();
        }
        List<Rival> found = new ArrayList<>();
        for (Window.Part part : gathered) {
            for (RowChange change :
                    contest.unsettled(direction, part.committed(), part.slice(), (source, key) -> Optional.empty())) {
                if (found.size() < RIVALS_MOST) {
                    found.addAll(session.look(target -> contest.rivals(direction, target, change, written)));
                }
            }
        }
        session.undo();
        return found;
    }

    /** Holding the turn, until the window ends. */
    private void writeAhead() {
        takeTurn();
        partlyWritten = true;
        try {
            gathered.forEach(this::put);
        } catch (FaultException refused) {
            contestedOr(refused).ifPresent(contest::settle);
            throw again("rows of a large transaction had to be settled first");
        }
        gathered = new ArrayList<>();
        gatheredBytes = 0;
    }

    private void put(Window.Part part) {
        Window.Footing footing = part.footing();
        MissingRow missingRow = (source, key) -> movedRows.read(source, key, footing.movers());
        Slice slice = new Slice();
        for (RowChange change : contest.unsettled(direction, part.committed(), part.slice(), missingRow)) {
            if (!slice.fits(change)) {
                put(slice, footing, missingRow);
                slice = new Slice();
            }
            slice.add(change);
        }
        put(slice, footing, missingRow);
    }

    private void put(Slice slice, Window.Footing footing, MissingRow missingRow) {
        if (slice.isEmpty()) {
            return;
        }
        for (RowChange change : slice.changes()) {
            written.addAll(contest.rows(direction, change));
        }
        if (written.size() > contest.rowsMost()) {
            throw Fault.of(
                            FaultCode.CANARY_BROKEN,
                            "a window of the " + direction.text() + " stream changes more than " + contest.rowsMost()
                                    + " rows, more than the daemon has memory to tell conflicts of;"
                                    + " give it more, then resume")
                    .asException();
        }
        touched.add(slice);
        touched.add(session.write(slice, footing.strict(movedRows.horizon()), missingRow));
    }

    private FaultException again(String why) {
        return Fault.of(FaultCode.STREAM_BROKEN, "the " + direction.text() + " stream is read again: " + why)
                .asException();
    }

    private void takeTurn() {
        if (!turn) {
            contest.takeTurn();
            turn = true;
        }
    }

    private void endTurn() {
        if (turn) {
            turn = false;
            contest.endTurn();
        }
    }

    @Override
    public void close() {
        endTurn();
    }
}
