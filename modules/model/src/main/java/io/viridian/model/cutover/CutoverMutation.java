package io.viridian.model.cutover;

/** A deliberate mistake. Each must produce a counter-example, or the model does not look where it should. */
public enum CutoverMutation {
    OPENED_BEFORE_THE_COMMIT_POINT("the target is opened before the source has handed over"),
    STOP_POSITION_BEFORE_THE_LOCKS("the fence marker is written before the locks are held"),
    NOT_DRAINED("the commit point follows the fence marker without waiting for it to come through the stream"),
    MARKER_WITHOUT_ITS_ATTEMPT("the fence marker of any attempt ends the drain"),
    SENT_ON_A_NEW_SESSION("the commit point does without the session that held the locks, and compares nothing"),
    LOST_ANSWER_MEANS_NO("an unanswered commit point is taken for one that did not happen, and nobody reads"),
    LOST_ANSWER_MEANS_YES("an unanswered commit point is taken for done, and nobody reads"),
    SENT_AGAIN_BLINDLY("an unanswered commit point is sent again on a new session"),
    UNDONE_WITHOUT_READING("a restart takes a journal without ROUTE for a switch that did not happen, and undoes it"),
    OPENED_WITHOUT_LOOKING(
            "a source that failed over and lost the commit point is taken for fenced still: the opening does not look"),
    GUARD_LEFT_TO_THE_POOLER("the commit point does not close the guard: the pooler's pause is to keep writers away"),
    NO_WARDEN("the pooler is paused without a warden"),
    ECHO_NOT_FILTERED("both lanes apply all the time, and nothing leaves out what bears our own origin"),
    LANE_TURNED_AFTER_THE_OPENING("the lane of the other direction goes on watching until the target is open"),
    LANE_COMPARES_NOTHING("a lane commits rows whatever epoch and position stand in the progress row"),
    ZOMBIE_WITHOUT_EPOCH("neither journal, commit point nor lanes compare the epoch of the daemon"),
    OPENING_REPEATED_WITHOUT_A_LOCK("an opening that finds the side open already holds no lock on its row"),
    TAKE_OVER_READS_FIRST(
            "a start reads the journal, then takes the lease, and only lanes that apply raise the epoch on their target"),
    JOURNAL_WITHOUT_LEASE("a daemon that was replaced writes into the journal as long as nobody else has"),
    ZOMBIE_WATCHES("a lane that only watches compares no epoch, and the opening does not wait until it is gone"),
    ROUTES_LEFT_ALONE("what a replaced daemon leads elsewhere is not led back by the one that rests behind the switch"),
    SESSIONS_ARE_LEFT("a side without a guard hands over, and its sessions of before are not ended"),
    DECIDED_BY_WHO_HOLDS_THE_LOCKS(
            "a side without a guard hands over in the transaction that holds the locks, which go with its commit"),
    NOT_DRAINED_AGAIN("locks that were lost before the last session was are taken for held"),
    PREPARED_IS_NOT_WAITED_FOR("what is drained again ends where the last session ended, and not the last transaction"),
    WATCHED_WHILE_SESSIONS_ARE_LEFT("a start behind the commit point has the way there only watch, whoever may write"),
    OPENED_BEFORE_A_STANDBY_HAS_IT(
            "the opening does not wait for a standby whose answer was cut off, and that one is promoted", Code.DOES_SO),
    OPENING_FORGOTTEN(
            "a standby that has not got the opening is promoted after the switch, and nobody looks at the rows again"),
    FENCE_LOST_UNNOTICED(
            "a standby that has not got the hand-over is promoted after the switch, and nobody looks at the rows again");

    /** How the daemon stands to it. */
    private enum Code {
        AVOIDS_IT,
        DOES_SO
    }

    private final String mistake;
    private final Code code;

    CutoverMutation(String mistake) {
        this(mistake, Code.AVOIDS_IT);
    }

    CutoverMutation(String mistake, Code code) {
        this.mistake = mistake;
        this.code = code;
    }

    public String mistake() {
        return mistake;
    }

    /** Whether the daemon of today does what the model takes for a mistake. */
    public boolean isInTheCode() {
        return code == Code.DOES_SO;
    }
}
