package io.viridian.model.cutover;

import java.util.List;

/**
 * How much is explored at once. Everything together would be hundreds of millions of states, so each scope takes one
 * kind of trouble as far as it goes.
 *
 * @param name heads reports
 * @param pooled whether applications come through a pooler
 * @param closesSessions whether blue has no guard and is closed by its sessions
 * @param outside how often what may happen
 */
public record CutoverScope(String name, boolean pooled, boolean closesSessions, Outside outside) {
    private static final Outside THERE = Outside.ordered(1);
    private static final Outside THERE_AND_BACK = Outside.ordered(2);
    private static final Outside AND_THERE_AGAIN = Outside.ordered(3);

    private static final CutoverScope AGAIN =
            new CutoverScope("there, back and there again, three writes", false, false, AND_THERE_AGAIN.writing(3));
    private static final CutoverScope AGAIN_AFTER_A_MISHAP = new CutoverScope(
            "there, back and there again, one write, one mishap",
            false,
            false,
            AND_THERE_AGAIN.writing(1).withMishaps(1));
    private static final CutoverScope CRASHES = new CutoverScope(
            "there and back, two writes, two mishaps",
            false,
            false,
            THERE_AND_BACK.writing(2).withMishaps(2));
    private static final CutoverScope POOLER = new CutoverScope(
            "behind a pooler, there and back, two writes, two mishaps",
            true,
            false,
            THERE_AND_BACK.writing(2).withMishaps(2));
    private static final CutoverScope GONE = new CutoverScope(
            "behind a pooler, the daemon does not come back",
            true,
            false,
            THERE_AND_BACK.writing(2).withMishaps(2).goneForGood());
    private static final CutoverScope REPLACED = new CutoverScope(
            "a daemon is replaced while it is alive, one write",
            false,
            false,
            THERE.writing(1).withTakeOvers(1));
    private static final CutoverScope REPLACED_AND_MORE = new CutoverScope(
            "a daemon is replaced while it is alive, one mishap",
            false,
            false,
            THERE.withMishaps(1).withTakeOvers(1));
    private static final CutoverScope FAIL_OVER = new CutoverScope(
            "a standby is promoted, there and back, two writes, one mishap",
            false,
            false,
            THERE_AND_BACK.writing(2).withMishaps(1).withFailOvers(1));

    private static final CutoverScope REPLACED_BEHIND_A_POOLER = new CutoverScope(
            "behind a pooler, a daemon is replaced while it is alive, there and back",
            true,
            false,
            THERE_AND_BACK.withTakeOvers(1));
    private static final CutoverScope SESSIONS = new CutoverScope(
            "blue is closed by its sessions, there and back, two writes, one mishap",
            false,
            true,
            THERE_AND_BACK.writing(2).withMishaps(1));
    private static final CutoverScope SESSIONS_AND_MORE = new CutoverScope(
            "blue is closed by its sessions, two writes, two mishaps",
            false,
            true,
            THERE.writing(2).withMishaps(2));
    private static final CutoverScope SESSIONS_REPLACED = new CutoverScope(
            "blue is closed by its sessions, a daemon is replaced while it is alive, one write",
            false,
            true,
            THERE.writing(1).withTakeOvers(1));

    /** What the protocol is checked on. */
    public static final List<CutoverScope> ALL = List.of(
            AGAIN,
            AGAIN_AFTER_A_MISHAP,
            CRASHES,
            POOLER,
            GONE,
            REPLACED,
            REPLACED_AND_MORE,
            REPLACED_BEHIND_A_POOLER,
            FAIL_OVER,
            SESSIONS,
            SESSIONS_AND_MORE,
            SESSIONS_REPLACED);

    /** Without what is assumed of standbys. */
    static final CutoverScope UNHEARD = new CutoverScope(
            "a standby without the hand-over is promoted at any time, there and back, two writes",
            false,
            false,
            THERE_AND_BACK.writing(2).withFailOvers(1).unheard());

    /** What has to come from outside to show a mistake; no more is allowed, so that the trace shows it alone. */
    static CutoverScope of(CutoverMutation mistake) {
        return switch (mistake) {
            case OPENED_BEFORE_THE_COMMIT_POINT, LOST_ANSWER_MEANS_NO, LOST_ANSWER_MEANS_YES, UNDONE_WITHOUT_READING ->
                direct(mistake, THERE.withMishaps(1));
            case STOP_POSITION_BEFORE_THE_LOCKS, NOT_DRAINED -> direct(mistake, THERE.writing(1));
            case MARKER_WITHOUT_ITS_ATTEMPT -> direct(mistake, THERE_AND_BACK.writing(1));
            case LANE_COMPARES_NOTHING ->
                direct(mistake, Outside.ordered(0).writing(1).withTakeOvers(1));
            case SENT_AGAIN_BLINDLY, SENT_ON_A_NEW_SESSION ->
                direct(mistake, THERE.writing(1).withMishaps(1));
            case OPENED_WITHOUT_LOOKING, OPENED_BEFORE_A_STANDBY_HAS_IT, OPENING_FORGOTTEN ->
                direct(mistake, THERE.withFailOvers(1));
            case GUARD_LEFT_TO_THE_POOLER -> pooled(mistake, THERE.writing(1));
            case NO_WARDEN -> pooled(mistake, THERE.withMishaps(1).goneForGood());
            case ECHO_NOT_FILTERED, LANE_TURNED_AFTER_THE_OPENING -> direct(mistake, THERE.writing(2));
            case TAKE_OVER_READS_FIRST, JOURNAL_WITHOUT_LEASE, ZOMBIE_WITHOUT_EPOCH ->
                direct(mistake, THERE.withMishaps(1).withTakeOvers(1));
            case OPENING_REPEATED_WITHOUT_A_LOCK -> direct(mistake, THERE_AND_BACK.withTakeOvers(1));
            case ZOMBIE_WATCHES -> direct(mistake, THERE.writing(1).withTakeOvers(1));
            case ROUTES_LEFT_ALONE -> pooled(mistake, THERE_AND_BACK.withTakeOvers(1));
            case FENCE_LOST_UNNOTICED -> direct(mistake, THERE.withFailOvers(1).unheard());
            case SESSIONS_ARE_LEFT -> sessions(mistake, THERE);
            case DECIDED_BY_WHO_HOLDS_THE_LOCKS -> sessions(mistake, THERE.writing(1));
            case NOT_DRAINED_AGAIN, PREPARED_IS_NOT_WAITED_FOR, WATCHED_WHILE_SESSIONS_ARE_LEFT ->
                sessions(mistake, THERE.writing(1).withMishaps(1));
        };
    }

    private static CutoverScope direct(CutoverMutation mistake, Outside outside) {
        return new CutoverScope(mistake.name(), false, false, outside);
    }

    private static CutoverScope pooled(CutoverMutation mistake, Outside outside) {
        return new CutoverScope(mistake.name(), true, false, outside);
    }

    private static CutoverScope sessions(CutoverMutation mistake, Outside outside) {
        return new CutoverScope(mistake.name(), false, true, outside);
    }

    @Override
    public String toString() {
        return name;
    }
}
