package io.viridian.model.canary;

import io.viridian.model.Action;
import io.viridian.model.Side;
import io.viridian.model.canary.Lane.Stage;
import java.util.Arrays;
import java.util.List;

/** How the daemon ends and begins, and asks what was settled before. */
final class StartSteps {
    private final CanaryRules rules;

    StartSteps(CanaryRules rules) {
        this.rules = rules;
    }

    List<Action<CanaryState>> actions() {
        return List.of(
                new Action<>("the daemon dies", this::crash),
                new Action<>("a daemon starts", this::start),
                new Action<>("the daemon asks both sides what was settled", this::ask));
    }

    /** Its locks go with it. */
    private List<CanaryState> crash(CanaryState state) {
        if (!state.daemon().up() || state.outside().mishaps() == 0) {
            return List.of();
        }
        boolean isSettling =
                Arrays.stream(Side.values()).anyMatch(side -> state.lane(side).is(Stage.LOCKED));
        CanaryState free = state;
        for (Side side : Side.values()) {
            Server server = free.server(side);
            if (isSettling && !server.underWay().is()) {
                free = free.with(side, server.locked(false));
            }
        }
        return List.of(free.with(Daemon.DOWN).afterMishap());
    }

    private List<CanaryState> start(CanaryState state) {
        return state.daemon().up()
                ? List.of()
                : List.of(state.with(new Daemon(
                        true,
                        Mark.NONE,
                        rules.knowsAtOnce(),
                        Lane.from(state.green().progress()),
                        Lane.from(state.blue().progress()))));
    }

    private List<CanaryState> ask(CanaryState state) {
        boolean mayAsk = Arrays.stream(Side.values()).allMatch(side -> rules.mayAsk(state.server(side)));
        return state.daemon().up() && !state.daemon().knows() && mayAsk
                ? List.of(state.with(state.daemon()
                        .knowing(state.blue().mark().and(state.green().mark()))))
                : List.of();
    }
}
