package io.viridian.model.canary;

/** A deliberate mistake. Each must produce a counter-example, or the model does not look where it should. */
public enum CanaryMutation {
    TAG_FORGOTTEN("a lane takes up what a lane has written"),
    SETTLED_WITHOUT_A_TAG("a lane takes up what a settlement has written"),
    LAST_TO_ARRIVE_WINS("a lane writes what arrives, and nobody asks what is under way"),
    READ_SO_FAR("what is under way is what the other stream happens to have brought"),
    LOOKED_BEFORE_IT_WROTE("a lane asks what is under way, and writes and commits afterwards"),
    LOST_ANSWER_MEANS_NO("a window whose answer was lost counts as not applied until its lane begins anew"),
    LOCKED_WHERE_IT_GOES("a settlement locks the table only on the side whose row goes"),
    MARKED_BEFORE_THE_LOCKS("a settlement takes its positions, then the locks"),
    KEPT_BEFORE_IT_IS_EQUAL("a conflict is kept in a commit of its own, before the row is made equal"),
    SETTLED_FROM_MEMORY("a start does not ask the sides what was settled"),
    ASKED_AT_ONCE("what was settled is asked without waiting for a settlement whose answer was lost");

    private final String mistake;

    CanaryMutation(String mistake) {
        this.mistake = mistake;
    }

    public String mistake() {
        return mistake;
    }
}
