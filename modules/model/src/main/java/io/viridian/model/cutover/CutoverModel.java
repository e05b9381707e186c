package io.viridian.model.cutover;

import io.viridian.model.Action;
import io.viridian.model.Model;
import io.viridian.model.Side;
import io.viridian.model.Who;
import io.viridian.model.cutover.Lane.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Puts together the model of a whole cutover, its rollback and a cutover after that. */
public final class CutoverModel {
    private CutoverModel() {}

    /** The protocol as it is meant. */
    public static Model<CutoverState> correct(CutoverScope scope) {
        return model("cutover, " + scope, new CutoverRules(Set.of()), scope);
    }

    /**
     * The protocol with standbys of which nothing is assumed but that they have what applications were answered. Two
     * writable sides cannot be excluded then; demanded is what is left of the claims, and that it ends.
     */
    public static Model<CutoverState> unheard() {
        return correct(CutoverScope.UNHEARD)
                .judgedBy(
                        CutoverProperties.NOTHING_LOST,
                        CutoverProperties.NOTHING_FORGOTTEN,
                        CutoverProperties.NOTHING_TWICE);
    }

    /** The protocol with one mistake in it. */
    public static Model<CutoverState> mutated(CutoverMutation mistake) {
        return model("cutover, " + mistake, new CutoverRules(Set.of(mistake)), CutoverScope.of(mistake));
    }

    private static Model<CutoverState> model(String name, CutoverRules rules, CutoverScope scope) {
        return new Model<>(
                name,
                List.of(CutoverState.firstDay(
                        scope, rules.makes(CutoverMutation.ECHO_NOT_FILTERED) ? Mode.APPLY : Mode.WATCH)),
                actions(rules),
                CutoverProperties.invariants(),
                CutoverProperties::isSettled);
    }

    private static List<Action<CutoverState>> actions(CutoverRules rules) {
        List<Action<CutoverState>> actions = new ArrayList<>();
        for (Side side : Side.values()) {
            actions.addAll(ClientSteps.actions(side));
            actions.addAll(new ServerSteps(rules).actions(side));
        }
        actions.addAll(ClientSteps.wardenActions());
        for (Who who : List.of(Who.FIRST, Who.SECOND)) {
            for (Side side : Side.values()) {
                actions.addAll(new LaneSteps(rules).actions(who, side));
            }
            actions.addAll(new FenceSteps(rules).actions(who));
            actions.addAll(new SwitchSteps(rules).actions(who));
            actions.addAll(new SessionSteps(rules).actions(who));
            actions.addAll(new StartSteps(rules).actions(who));
            actions.addAll(new KeeperSteps(rules).actions(who));
        }
        return actions;
    }
}
