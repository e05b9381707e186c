package io.viridian.model.ownership;

import io.viridian.model.Model;

/** Which claim shows a mistake best. */
public final class OwnershipCounterExamples {
    private OwnershipCounterExamples() {}

    /**
     * The model with the mistake. Without any predicate the shortest trace is a false alarm of the recovery; what
     * matters is that there are two writable sides in the end.
     */
    public static Model<OwnershipState> model(OwnershipMutation mistake) {
        Model<OwnershipState> model = OwnershipModel.mutated(mistake);
        return mistake == OwnershipMutation.NO_EPOCH_PREDICATE ? model.judgedBy(OwnershipModel.SINGLE_OWNER) : model;
    }
}
