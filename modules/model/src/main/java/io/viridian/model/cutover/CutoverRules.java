package io.viridian.model.cutover;

import static io.viridian.model.cutover.CutoverMutation.DECIDED_BY_WHO_HOLDS_THE_LOCKS;
import static io.viridian.model.cutover.CutoverMutation.ECHO_NOT_FILTERED;
import static io.viridian.model.cutover.CutoverMutation.GUARD_LEFT_TO_THE_POOLER;
import static io.viridian.model.cutover.CutoverMutation.JOURNAL_WITHOUT_LEASE;
import static io.viridian.model.cutover.CutoverMutation.LANE_COMPARES_NOTHING;
import static io.viridian.model.cutover.CutoverMutation.LOST_ANSWER_MEANS_YES;
import static io.viridian.model.cutover.CutoverMutation.MARKER_WITHOUT_ITS_ATTEMPT;
import static io.viridian.model.cutover.CutoverMutation.NOT_DRAINED;
import static io.viridian.model.cutover.CutoverMutation.NOT_DRAINED_AGAIN;
import static io.viridian.model.cutover.CutoverMutation.OPENED_WITHOUT_LOOKING;
import static io.viridian.model.cutover.CutoverMutation.PREPARED_IS_NOT_WAITED_FOR;
import static io.viridian.model.cutover.CutoverMutation.SENT_ON_A_NEW_SESSION;
import static io.viridian.model.cutover.CutoverMutation.SESSIONS_ARE_LEFT;
import static io.viridian.model.cutover.CutoverMutation.TAKE_OVER_READS_FIRST;
import static io.viridian.model.cutover.CutoverMutation.WATCHED_WHILE_SESSIONS_ARE_LEFT;
import static io.viridian.model.cutover.CutoverMutation.ZOMBIE_WATCHES;
import static io.viridian.model.cutover.CutoverMutation.ZOMBIE_WITHOUT_EPOCH;

import io.viridian.model.Who;
import io.viridian.model.cutover.Daemon.Stage;
import io.viridian.model.cutover.Lane.Mode;
import io.viridian.model.cutover.Log.Entry;
import io.viridian.model.cutover.Log.Kind;
import io.viridian.model.cutover.Server.Client;
import io.viridian.model.cutover.Server.HandOver;
import io.viridian.model.cutover.Server.Locks;
import io.viridian.model.cutover.Server.Ownership;
import io.viridian.model.cutover.Server.Progress;
import io.viridian.model.cutover.Server.State;
import java.util.Set;

/**
 * The rules that a mutation can bend, each as a question.
 *
 * @param mistakes none for the protocol as it is meant
 */
record CutoverRules(Set<CutoverMutation> mistakes) {
    CutoverRules {
        mistakes = Set.copyOf(mistakes);
    }

    boolean makes(CutoverMutation mistake) {
        return mistakes.contains(mistake);
    }

    /** {@code where owner = source and epoch = mine and state = 'OPEN' and nonce = mine}. */
    boolean mayHandOver(Server source, Who who, Daemon daemon) {
        boolean expected = source.row()
                .equals(new Ownership(
                        State.OPEN, daemon.state().fromEpoch(), daemon.state().attempt()));
        return makes(SENT_ON_A_NEW_SESSION) || (source.locks().holder() == who && expected && mayMove(source, daemon));
    }

    /** {@code where progress.epoch <= mine}: nobody has taken over. */
    boolean mayMove(Server server, Daemon daemon) {
        return server.progress().epoch() <= daemon.lease() || makes(ZOMBIE_WITHOUT_EPOCH);
    }

    /** {@code where epoch = mine and lsn < new}. */
    boolean mayApply(Server target, Daemon daemon, int to) {
        boolean ours = target.progress().epoch() == daemon.lease() || makes(ZOMBIE_WITHOUT_EPOCH);
        return (ours && target.progress().at() < to) || makes(LANE_COMPARES_NOTHING);
    }

    /**
     * The journal's key refuses one of two writers; that the lease is compared in the same commit, whoever was
     * replaced.
     */
    boolean mayAppend(Journal journal, Daemon daemon) {
        boolean isCurrent = daemon.lease() == journal.lease()
                || makes(JOURNAL_WITHOUT_LEASE)
                || makes(TAKE_OVER_READS_FIRST)
                || makes(ZOMBIE_WITHOUT_EPOCH);
        return isCurrent && daemon.entry() == journal.entry();
    }

    /** A lane of a daemon that was replaced does not even watch: it would have the slot forget what others need. */
    boolean mayWatch(Server target, Daemon daemon) {
        return target.progress().epoch() <= daemon.lease() || makes(ZOMBIE_WATCHES);
    }

    /** Whether the lane of the other direction is on its way to applying, or somebody else still reads its stream. */
    boolean isTurning(CutoverState state, Who who, Daemon daemon) {
        Who reader = state.server(daemon.target()).slot().reader();
        boolean isRead = reader == who.other() && !makes(ZOMBIE_WATCHES);
        return isRead || (reader == who && daemon.lane(daemon.target()).is(Mode.ENTER));
    }

    /** One commit: the guard closes, the row hands over, the other direction learns from where to apply. */
    Server handedOver(Server source, HandOver what) {
        return source.with(new Ownership(
                        State.TRANSFERRED, what.epoch(), source.row().claim()))
                .withGuard(makes(GUARD_LEFT_TO_THE_POOLER))
                .with(new Progress(what.reverseFrom(), what.lease()))
                .with(outlast(source) ? Locks.of(source.locks().holder()) : Locks.NONE);
    }

    /** Where sessions are closed the commit point is a transaction beside the one that holds the locks. */
    private boolean outlast(Server source) {
        return source.closesSessions() && !makes(DECIDED_BY_WHO_HOLDS_THE_LOCKS);
    }

    /** Whether those who could write on the source have been kept from it all the time. */
    boolean isStillLocked(Server source, Who who) {
        return source.locks().holder() == who || makes(DECIDED_BY_WHO_HOLDS_THE_LOCKS) || makes(NOT_DRAINED_AGAIN);
    }

    /** Whether everybody who was writing on the source has ended. */
    boolean isQuiet(Server source) {
        return (source.client() == Client.NONE && !source.locks().held()) || makes(PREPARED_IS_NOT_WAITED_FOR);
    }

    /** Whether the way there goes on applying behind the commit point: there may be something left to drain. */
    boolean isFollowedOn(Server source, Server target) {
        return source.closesSessions() && !target.row().open() && !makes(WATCHED_WHILE_SESSIONS_ARE_LEFT);
    }

    /** Whether the source is as silent as the target's opening takes for granted. */
    Stage silent(Server source) {
        return endsSessions(source) ? Stage.SILENT : Stage.LOOKED;
    }

    boolean endsSessions(Server source) {
        return source.closesSessions() && !makes(SESSIONS_ARE_LEFT);
    }

    /** Whether everything before the fence has been seen on the target. */
    boolean isDrained(CutoverState state, Daemon daemon) {
        Log log = state.server(daemon.source()).log();
        int behind = makes(MARKER_WITHOUT_ITS_ATTEMPT)
                ? log.behindAny(Kind.FENCE)
                : log.behind(Kind.FENCE, daemon.state().attempt());
        Lane lane = daemon.lane(daemon.source());
        return makes(NOT_DRAINED) || (lane.is(Mode.APPLY) && lane.at() >= behind);
    }

    /** Whether the source is seen to have handed over at this epoch, row and guard. */
    boolean looksHandedOver(Server source, Daemon daemon) {
        boolean handedOver = source.row().state() == State.TRANSFERRED
                && source.row().epoch() == daemon.state().toEpoch()
                && (!source.guardOpen() || makes(GUARD_LEFT_TO_THE_POOLER));
        return handedOver || makes(OPENED_WITHOUT_LOOKING) || makes(LOST_ANSWER_MEANS_YES);
    }

    /** Whether a lane has to write what it finds there. */
    boolean isToBeApplied(Entry entry) {
        return switch (entry.kind()) {
            case WRITE -> true;
            case TAGGED -> makes(ECHO_NOT_FILTERED);
            case FENCE, REVERSE, LAST -> false;
        };
    }

    /** The source after somebody has resolved an attempt that had not handed over: it never will. */
    Server takenBack(Server source, int attempt) {
        Server ended = source.with(Locks.NONE);
        return ended.row().claim() == attempt && ended.row().open()
                ? ended.with(ended.row().claimedBy(0))
                : ended;
    }
}
