package io.viridian.model.cutover;

import io.viridian.model.Model;

/** Which claim shows a mistake best. */
public final class CutoverCounterExamples {
    private CutoverCounterExamples() {}

    /**
     * The model with the mistake. That rows contradict each other, or that a guard is open which should not be, is
     * noticed first; what it leads to tells more.
     */
    public static Model<CutoverState> model(CutoverMutation mistake) {
        Model<CutoverState> model = CutoverModel.mutated(mistake);
        return switch (mistake) {
            case OPENED_BEFORE_THE_COMMIT_POINT, LOST_ANSWER_MEANS_YES, OPENING_REPEATED_WITHOUT_A_LOCK ->
                model.judgedBy(CutoverProperties.ONE_WRITABLE_SIDE);
            case GUARD_LEFT_TO_THE_POOLER -> model.judgedBy(CutoverProperties.NOTHING_LOST);
            case FENCE_LOST_UNNOTICED ->
                model.judgedBy(
                        CutoverProperties.NOTHING_LOST,
                        CutoverProperties.NOTHING_FORGOTTEN,
                        CutoverProperties.NOTHING_TWICE);
            case STOP_POSITION_BEFORE_THE_LOCKS,
                    NOT_DRAINED,
                    MARKER_WITHOUT_ITS_ATTEMPT,
                    SENT_ON_A_NEW_SESSION,
                    LOST_ANSWER_MEANS_NO,
                    SENT_AGAIN_BLINDLY,
                    UNDONE_WITHOUT_READING,
                    OPENED_WITHOUT_LOOKING,
                    NO_WARDEN,
                    ECHO_NOT_FILTERED,
                    LANE_TURNED_AFTER_THE_OPENING,
                    LANE_COMPARES_NOTHING,
                    ZOMBIE_WITHOUT_EPOCH,
                    TAKE_OVER_READS_FIRST,
                    JOURNAL_WITHOUT_LEASE,
                    ZOMBIE_WATCHES,
                    ROUTES_LEFT_ALONE,
                    SESSIONS_ARE_LEFT,
                    DECIDED_BY_WHO_HOLDS_THE_LOCKS,
                    NOT_DRAINED_AGAIN,
                    PREPARED_IS_NOT_WAITED_FOR,
                    WATCHED_WHILE_SESSIONS_ARE_LEFT,
                    OPENED_BEFORE_A_STANDBY_HAS_IT,
                    OPENING_FORGOTTEN -> model;
        };
    }
}
