package io.viridian.model.merge;

import io.viridian.model.Action;
import io.viridian.model.merge.WalRecord.Commit;
import java.util.ArrayList;
import java.util.List;

/**
 * The applications on blue. A commit is two events: its record is written, from which moment the transaction is
 * streamed; later, and in any order, it becomes visible to snapshots. Row locks are held until then, so a transaction
 * that touches the same row writes its record only after its forerunner is visible.
 */
final class BlueSteps {
    private BlueSteps() {}

    static List<Action<MergeState>> actions(int transactions) {
        List<Action<MergeState>> actions = new ArrayList<>();
        for (int transaction = 0; transaction < transactions; transaction++) {
            int number = transaction;
            String name = History.name(transaction);
            actions.add(new Action<>(name + " writes its commit record", state -> commit(state, number)));
            actions.add(new Action<>(name + " becomes visible", state -> show(state, number)));
        }
        return actions;
    }

    private static List<MergeState> commit(MergeState state, int transaction) {
        if (transaction >= state.history().transactionCount() || state.blue().hasRecordOf(transaction)) {
            return List.of();
        }
        int blockers = state.history().blockersOf(transaction);
        boolean locksAreFree = (state.blue().visible() & blockers) == blockers;
        return locksAreFree ? List.of(state.with(state.blue().write(new Commit(transaction)))) : List.of();
    }

    private static List<MergeState> show(MergeState state, int transaction) {
        return state.blue().hasRecordOf(transaction)
                ? List.of(state.with(state.blue().show(transaction)))
                : List.of();
    }
}
