package io.viridian.model.merge;

import io.viridian.model.Action;
import io.viridian.model.merge.MergeState.Outside;
import io.viridian.model.merge.Zombie.InFlight;
import io.viridian.model.merge.Zombie.Merge;
import io.viridian.model.merge.Zombie.Paused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happens to the daemon as a whole. It restarts at once: a daemon that stays down for a while is one that is not
 * scheduled for a while.
 */
final class DaemonSteps {
    private final MergeRules rules;
    private final ChunkMerge merge;

    DaemonSteps(MergeRules rules) {
        this.rules = rules;
        this.merge = new ChunkMerge(rules);
    }

    List<Action<MergeState>> actions() {
        List<Action<MergeState>> actions = new ArrayList<>();
        actions.add(new Action<>("the daemon dies and restarts", this::crash));
        for (Range range : Range.values()) {
            actions.add(new Action<>(
                    range + ": paused before its commit; another daemon takes over", state -> pause(state, range)));
            actions.add(new Action<>(
                    range + ": the daemon dies with its commit in flight and restarts",
                    state -> dieCommitting(state, range)));
        }
        actions.add(new Action<>("the replaced daemon wakes up and sends its commit", this::wake));
        actions.add(new Action<>("the commit in flight takes effect", this::land));
        actions.add(new Action<>("the commit in flight is rolled back", DaemonSteps::vanish));
        return actions;
    }

    private List<MergeState> crash(MergeState state) {
        return state.outside().mishaps() == 0
                ? List.of()
                : List.of(restarted(state, state.outside().zombie()));
    }

    /** The stream begins again where the slot stands, not at the progress row: U has to be built up again. */
    private MergeState restarted(MergeState state, Zombie zombie) {
        int position = rules.makes(MergeMutation.RESTREAM_FROM_PROGRESS)
                ? Math.max(state.confirmed(), state.green().progress())
                : state.confirmed();
        Daemon fresh = Daemon.startedAt(position, state.green().copied());
        return state.with(fresh, state.green().withNextEpoch())
                .with(new Outside(state.outside().mishaps() - 1, zombie));
    }

    private List<MergeState> pause(MergeState state, Range range) {
        return commitDue(state, range)
                .map(due ->
                        List.of(restarted(state, new Paused(due, state.green().epoch()))))
                .orElseGet(List::of);
    }

    /**
     * As meant, a restart first raises the epoch in the progress row, which waits for the lock that the commit in
     * flight holds on it. That is a crash before or after the commit, so only the mistake needs steps of its own.
     */
    private List<MergeState> dieCommitting(MergeState state, Range range) {
        if (!rules.makes(MergeMutation.RESTART_WITHOUT_WAITING)) {
            return List.of();
        }
        return commitDue(state, range)
                .map(due -> List.of(restarted(state, new InFlight(due))))
                .orElseGet(List::of);
    }

    private Optional<Merge> commitDue(MergeState state, Range range) {
        OptionalInt position = merge.due(state, range);
        return position.isEmpty() || state.outside().mishaps() == 0
                ? Optional.empty()
                : merge.at(state, range, position.getAsInt());
    }

    private List<MergeState> wake(MergeState state) {
        if (!(state.outside().zombie() instanceof Paused(Merge due, int epoch))) {
            return List.of();
        }
        return merge.isPermitted(state.green(), due, epoch)
                ? List.of(withoutZombie(state.with(state.daemon(), merge.commit(state.green(), due))))
                : List.of(withoutZombie(state));
    }

    private List<MergeState> land(MergeState state) {
        return state.outside().zombie() instanceof InFlight(Merge due)
                ? List.of(withoutZombie(state.with(state.daemon(), merge.commit(state.green(), due))))
                : List.of();
    }

    private static List<MergeState> vanish(MergeState state) {
        return state.outside().zombie() instanceof InFlight ? List.of(withoutZombie(state)) : List.of();
    }

    private static MergeState withoutZombie(MergeState state) {
        return state.with(new Outside(state.outside().mishaps(), Zombie.NONE));
    }
}
