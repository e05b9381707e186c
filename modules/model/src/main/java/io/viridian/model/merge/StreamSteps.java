package io.viridian.model.merge;

import io.viridian.model.Action;
import io.viridian.model.merge.Daemon.Lane;
import io.viridian.model.merge.WalRecord.Commit;
import io.viridian.model.merge.WalRecord.Marker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The change stream: received ahead of time, applied in commit order, confirmed to the slot. */
final class StreamSteps {
    private final MergeRules rules;
    private final int queue;

    StreamSteps(MergeRules rules, int queue) {
        this.rules = rules;
        this.queue = queue;
    }

    List<Action<MergeState>> actions(int transactions) {
        List<Action<MergeState>> actions = new ArrayList<>();
        for (int transaction = 0; transaction < transactions; transaction++) {
            Commit record = new Commit(transaction);
            actions.add(new Action<>("receiver passes " + record, state -> receive(state, record)));
            actions.add(new Action<>("lane applies " + record, state -> apply(state, record)));
            actions.add(new Action<>("lane leaves out " + record, state -> leaveOut(state, record)));
        }
        for (Range range : Range.values()) {
            Marker record = new Marker(range);
            actions.add(new Action<>("receiver passes " + record, state -> receive(state, record)));
            actions.add(new Action<>("lane passes " + record, state -> passMarker(state, record)));
        }
        actions.add(new Action<>("lane commits the other half", this::finishHalf));
        actions.add(new Action<>("a snapshot evicts what it sees from U", StreamSteps::evict));
        actions.add(new Action<>("the slot is confirmed", this::confirm));
        return actions;
    }

    private List<MergeState> receive(MergeState state, WalRecord record) {
        Daemon daemon = state.daemon();
        boolean hasRoom = daemon.received() - daemon.applied() < queue;
        if (!hasRoom || !isNext(state, daemon.received(), record)) {
            return List.of();
        }
        Daemon passed = daemon.withReceived(daemon.received() + 1);
        return List.of(state.with(
                record instanceof Commit(int transaction) ? remember(state.history(), passed, transaction) : passed));
    }

    private static Daemon remember(History history, Daemon daemon, int transaction) {
        Daemon result = daemon.withUnsettled(daemon.unsettled() | 1 << transaction);
        for (Change change : history.changes(transaction)) {
            Range range = change.key().range();
            result = result.withChunk(range, result.chunk(range).recording(transaction));
        }
        return result;
    }

    private static boolean isNext(MergeState state, int position, WalRecord record) {
        return state.daemon().lane() != Lane.HALTED
                && position < state.blue().end()
                && state.blue().log().get(position).equals(record);
    }

    private static boolean laneStandsAt(MergeState state, WalRecord record) {
        int position = state.daemon().applied();
        return state.daemon().isRunning() && position < state.daemon().received() && isNext(state, position, record);
    }

    private List<MergeState> passMarker(MergeState state, Marker record) {
        int position = state.daemon().applied();
        if (!laneStandsAt(state, record) || waitsForChunk(state, record)) {
            return List.of();
        }
        return List.of(state.with(state.daemon().withApplied(position + 1)));
    }

    private boolean waitsForChunk(MergeState state, Marker record) {
        return !state.green().hasCopied(record.range())
                && rules.waitsAtMarker(
                        state.daemon().chunk(record.range()), state.daemon().applied());
    }

    /** The transaction touches a copied range: its changes there and the progress row are one commit. */
    private List<MergeState> apply(MergeState state, Commit record) {
        if (!laneStandsAt(state, record) || isApplied(state) || !touchesCopied(state, record)) {
            return List.of();
        }
        Daemon after = state.daemon().withApplied(state.daemon().applied() + 1);
        Optional<Table> table = applied(state, record);
        if (table.isEmpty()) {
            return List.of(state.with(state.daemon().withLane(Lane.HALTED)));
        }
        if (rules.splitsCommit()) {
            Green half = rules.makes(MergeMutation.PROGRESS_AFTER_DATA)
                    ? state.green().withTable(table.get())
                    : state.green().withProgress(after.applied());
            return List.of(state.with(state.daemon().withLane(Lane.HALF_DONE), half));
        }
        return List.of(state.with(after, state.green().withTable(table.get()).withProgress(after.applied())));
    }

    /** The second of two commits that should have been one. */
    private List<MergeState> finishHalf(MergeState state) {
        if (state.daemon().lane() != Lane.HALF_DONE) {
            return List.of();
        }
        int position = state.daemon().applied();
        Commit record = (Commit) state.blue().log().get(position);
        Green whole =
                state.green().withTable(applied(state, record).orElseThrow()).withProgress(position + 1);
        return List.of(state.with(state.daemon().withLane(Lane.RUNNING).withApplied(position + 1), whole));
    }

    /**
     * Nothing to write: it was applied before a restart, or it touches no copied range. An empty commit may move the
     * progress row or be left out, so both happen, unless nobody would ever tell the difference.
     */
    private static List<MergeState> leaveOut(MergeState state, Commit record) {
        if (!laneStandsAt(state, record) || (!isApplied(state) && touchesCopied(state, record))) {
            return List.of();
        }
        Daemon after = state.daemon().withApplied(state.daemon().applied() + 1);
        MergeState unmoved = state.with(after);
        if (isApplied(state)) {
            return List.of(unmoved);
        }
        MergeState moved = state.with(after, state.green().withProgress(after.applied()));
        return state.outside().isQuiet() ? List.of(moved) : List.of(moved, unmoved);
    }

    private static boolean isApplied(MergeState state) {
        return state.daemon().applied() < state.green().progress();
    }

    private static boolean touchesCopied(MergeState state, Commit record) {
        return state.history().changes(record.transaction()).stream()
                .anyMatch(change -> state.daemon().hasCopied(change.key().range()));
    }

    private static Optional<Table> applied(MergeState state, Commit record) {
        Optional<Table> table = Optional.of(state.green().table());
        for (Change change : state.history().changes(record.transaction())) {
            if (state.daemon().hasCopied(change.key().range())) {
                table = table.flatMap(change::applyTo);
            }
        }
        return table;
    }

    private static List<MergeState> evict(MergeState state) {
        int remaining = state.daemon().unsettled() & ~state.blue().visible();
        return List.of(state.with(state.daemon().withUnsettled(remaining)));
    }

    /**
     * Never further than what is durable on green, than what this process has received, or past the oldest transaction
     * a restart would have to know. The second bound is what keeps the third honest: after a restart U is empty because
     * nothing has been received, not because everything is visible. Without mishaps to come nobody asks for the
     * position.
     */
    private List<MergeState> confirm(MergeState state) {
        if (state.outside().mishaps() == 0) {
            return List.of();
        }
        int position = rules.makes(MergeMutation.CONFIRM_BEFORE_RECEIVED)
                ? state.green().progress()
                : Math.min(state.green().progress(), state.daemon().received());
        for (int index = position - 1; index >= 0; index--) {
            if (state.blue().log().get(index) instanceof Commit(int transaction)
                    && (state.daemon().unsettled() >> transaction & 1) != 0
                    && !rules.makes(MergeMutation.CONFIRM_BEYOND_UNSETTLED)) {
                position = index;
            }
        }
        return position > state.confirmed() ? List.of(state.confirmedTo(position)) : List.of();
    }
}
