package io.viridian.model.canary;

import io.viridian.model.Model;

/** Which claim shows a mistake best. */
public final class CanaryCounterExamples {
    private CanaryCounterExamples() {}

    /** The model with the mistake. That a write went over another one is noticed first; where it leads tells more. */
    public static Model<CanaryState> model(CanaryMutation mistake) {
        Model<CanaryState> model = CanaryModel.mutated(mistake);
        return switch (mistake) {
            case LAST_TO_ARRIVE_WINS, LOOKED_BEFORE_IT_WROTE -> model.judgedBy(CanaryProperties.CONVERGED);
            case READ_SO_FAR -> model.judgedBy(CanaryProperties.SEEN);
            case SETTLED_FROM_MEMORY -> model.judgedBy(CanaryProperties.KEPT_ONCE);
            case TAG_FORGOTTEN,
                    SETTLED_WITHOUT_A_TAG,
                    LOST_ANSWER_MEANS_NO,
                    LOCKED_WHERE_IT_GOES,
                    MARKED_BEFORE_THE_LOCKS,
                    KEPT_BEFORE_IT_IS_EQUAL,
                    ASKED_AT_ONCE -> model;
        };
    }
}
