package io.viridian.cutover;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.SwitchStep;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * COMMIT, the point of no return: in the transaction that holds the locks the guard closes, the ownership row hands
 * over, and the other direction learns from where to apply. One commit: whoever reads the row later knows everything.
 * Where sessions are closed instead ({@link SessionFence}) it is a transaction beside the one that holds the locks,
 * because they have to outlast it.
 */
final class CommitPoint implements Step {
    private static final String HAND_OVER = """
            update viridian.ownership
            set owner = ?, epoch = ?, state = 'TRANSFERRED', fence_lsn = ?::pg_lsn, reverse_lsn = ?::pg_lsn,
                changed_at = clock_timestamp()
            where migration = ? and owner = ? and epoch = ? and state = 'OPEN' and nonce = ?
            """;

    /**
     * A daemon that took over in the meantime has a higher epoch: then nothing is updated and nothing is handed over.
     * Without a time the row says from where to apply, and not what a lane has applied. Whose log the position is in is
     * for the lane to note.
     */
    private static final String PROGRESS = """
            insert into viridian.progress (migration, direction, lsn, epoch, changed_at)
            values (?, ?, ?::pg_lsn, ?, clock_timestamp())
            on conflict (migration, direction) do update
            set lsn = excluded.lsn, epoch = excluded.epoch, source_time = null, source_log = null, changed_at = excluded.changed_at
            where viridian.progress.epoch <= excluded.epoch
            """;

    @Override
    public void perform(Crossing crossing) {
        if (!crossing.fenced()) {
            requireAlreadyDone(crossing);
            return;
        }
        crossing.requireTime(SwitchStep.COMMIT);
        crossing.parts().failpoints().pass(CrashPoint.SWITCH_BEFORE_COMMIT_POINT);
        Fence fence = crossing.fence();
        Session deciding = crossing.closesSessions() ? fence.source() : fence.locks();
        try {
            requireTargetThere(crossing);
            if (crossing.closesSessions()) {
                crossing.bounded(SwitchStep.COMMIT, fence.locks(), () -> fence.limit(crossing.budget()));
                deciding.begin();
            }
            crossing.bounded(SwitchStep.COMMIT, deciding, () -> handOver(crossing, deciding));
            crossing.parts().failpoints().pass(CrashPoint.SWITCH_HANDED_OVER);
            if (crossing.closesSessions()) {
                crossing.bounded(SwitchStep.COMMIT, fence.locks(), () -> SessionFence.requireHeld(crossing));
            }
            crossing.bounded(SwitchStep.COMMIT, deciding, deciding::commit);
        } catch (RuntimeException failure) {
            // A fault says that it surely did not happen; an ambiguity is resolved by reading, on another connection.
            crossing.letGo();
            throw failure;
        }
        crossing.parts().failpoints().pass(CrashPoint.SWITCH_AFTER_COMMIT_POINT);
    }

    /** The commit needs the source alone. Where the target cannot be opened then, nobody can write until it can. */
    private static void requireTargetThere(Crossing crossing) {
        Session target = crossing.fence().target();
        crossing.bounded(SwitchStep.COMMIT, target, () -> target.execute("select 1"));
    }

    private static void handOver(Crossing crossing, Session deciding) {
        crossing.fence().limit(deciding, crossing.budget());
        // Flushed here and on every synchronous standby: then no failover can forget it. Waiting until a standby has
        // also replayed it would lengthen the pause and make nothing safer.
        deciding.execute("set local synchronous_commit = on");
        crossing.parts().guard().close(deciding, crossing.attempt().toEpoch());
        if (crossing.closesSessions()) {
            ReadOnlyDefault.raise(deciding);
        }
        long handed = deciding.update(
                HAND_OVER,
                crossing.to().text(),
                crossing.attempt().toEpoch(),
                text(crossing.drainedAt()),
                text(crossing.reverseFrom()),
                crossing.migration(),
                crossing.from().text(),
                crossing.attempt().fromEpoch(),
                crossing.attempt().nonce());
        require(handed == 1, crossing, "its ownership row has changed since the fence");
        if (crossing.parts().plan().reversible()) {
            long moved = deciding.update(
                    PROGRESS,
                    crossing.migration(),
                    crossing.back().text(),
                    crossing.reverseFrom().toString(),
                    crossing.settings().daemonEpoch().getAsLong());
            require(
                    moved == 1,
                    crossing,
                    "another daemon has taken over the " + crossing.back().text() + " stream");
        }
    }

    private static @Nullable String text(Lsn position) {
        return position.equals(Lsn.ZERO) ? null : position.toString();
    }

    private static void require(boolean claim, Crossing crossing, String why) {
        if (!claim) {
            throw Fault.about(
                            FaultCode.HELD_BY_ANOTHER,
                            crossing.from().text(),
                            crossing.from().text() + " was not handed over: " + why + "; the transaction is undone")
                    .asException();
        }
    }

    /** After a crash: the locks died with the old process, so either it is done or it never will be. */
    private static void requireAlreadyDone(Crossing crossing) {
        Optional<Ownership> row = crossing.source().query(session -> OwnershipRows.read(session, crossing.migration()));
        boolean done = row.filter(one -> one.state() == Ownership.State.TRANSFERRED)
                .filter(one -> one.epoch() == crossing.attempt().toEpoch())
                .isPresent();
        if (!done) {
            throw crossing.lost();
        }
    }
}
