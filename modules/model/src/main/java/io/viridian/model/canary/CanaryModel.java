package io.viridian.model.canary;

import io.viridian.model.Action;
import io.viridian.model.Model;
import io.viridian.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Puts together the model of two writable sides. */
public final class CanaryModel {
    private CanaryModel() {}

    /** The protocol as it is meant. */
    public static Model<CanaryState> correct(CanaryScope scope) {
        return model("both sides written, " + scope, new CanaryRules(Set.of()), scope);
    }

    /** The protocol with one mistake in it. */
    public static Model<CanaryState> mutated(CanaryMutation mistake) {
        return model("both sides written, " + mistake, new CanaryRules(Set.of(mistake)), CanaryScope.of(mistake));
    }

    private static Model<CanaryState> model(String name, CanaryRules rules, CanaryScope scope) {
        return new Model<>(
                name,
                List.of(CanaryState.firstDay(scope.outside())),
                actions(rules),
                CanaryProperties.invariants(),
                CanaryProperties::isSettled);
    }

    private static List<Action<CanaryState>> actions(CanaryRules rules) {
        List<Action<CanaryState>> actions = new ArrayList<>();
        for (Side side : Side.values()) {
            actions.addAll(ClientSteps.actions(side));
        }
        for (Side side : Side.values()) {
            actions.addAll(new LaneSteps(rules).actions(side));
            actions.addAll(new SettleSteps(rules).actions(side));
        }
        actions.addAll(new StartSteps(rules).actions());
        return actions;
    }
}
