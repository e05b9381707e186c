package io.viridian.replication.lane;

import io.viridian.plan.Direction;
import io.viridian.plan.RowKey;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.MissingRow;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What two lanes have in common while applications write on both sides. A row is contested when both sides have changed
 * it and neither change has come to the other side yet. Every call but {@link #applied} and {@link #unsettled} is for
 * whoever has the turn.
 */
public interface Contest {
    /**
     * Only one lane writes at a time, so that what is not applied yet stays so.
     *
     * @throws io.viridian.fault.FaultException when the other lane keeps it too long; tried again later
     */
    void takeTurn();

    void endTurn();

    /** How many rows a window may change, and how many changes may be under way in one direction. */
    int rowsMost();

    /** What of a part is still to be written: rows that were settled since it was committed are equal already. */
    List<RowChange> unsettled(Direction direction, Lsn committed, Slice slice, MissingRow missingRow);

    /** The rows that a change touches. */
    List<RowKey> rows(Direction direction, RowChange change);

    /**
     * Those of the rows just written that the target's applications have changed, too, and whose change the other lane
     * has not applied. Whoever asks holds their locks on the target; everything committed there before is known when
     * this returns.
     *
     * @return empty when the other stream does not tell in time
     */
    Optional<Set<RowKey>> contested(Direction direction, Set<RowKey> written);

    /**
     * Rows of the target that refer to nothing now that these were written. Nothing that they depend on changes until
     * the caller's transaction ends.
     */
    List<Orphan> orphans(Session target, Set<RowKey> written);

    /** Rows of the target that hold what this change is to write, and that are not written along. */
    List<Rival> rivals(Direction direction, Session target, RowChange change, Set<RowKey> written);

    /**
     * Makes these rows equal on both sides, and those that foreign keys tie to them as far as it takes for nothing to
     * be left that refers to nothing. Nothing of the caller's may be open on either side.
     *
     * @return false when the streams do not tell in time; nothing is settled then
     * @throws io.viridian.fault.FaultException with CANARY_CONFLICT when a person is to decide
     */
    boolean settle(Contested contested);

    /**
     * What keeps rows from being written.
     *
     * @param rows those that the other side has changed, too
     * @param orphans rows that would refer to nothing
     * @param rivals rows that cannot be beside one of the other side
     */
    record Contested(Set<RowKey> rows, List<Orphan> orphans, List<Rival> rivals) {
        public Contested {
            rows = Set.copyOf(rows);
            orphans = List.copyOf(orphans);
            rivals = List.copyOf(rivals);
        }

        boolean nothing() {
            return rows.isEmpty() && orphans.isEmpty() && rivals.isEmpty();
        }
    }

    /** Everything that the source committed before is on the target. Any thread. */
    void applied(Direction direction, Lsn before);

    /**
     * Whether the stream of this direction broke, although its lane is still busy with what it had read. Any thread.
     */
    boolean ended(Direction direction);

    /**
     * The answer to a commit of this direction's lane was lost: until it begins anew nobody can tell what is contested.
     */
    void unsure(Direction direction);
}
