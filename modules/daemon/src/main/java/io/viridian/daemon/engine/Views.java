package io.viridian.daemon.engine;

import io.viridian.control.MigrationView;
import io.viridian.cutover.Closing;
import io.viridian.fault.Fault;
import io.viridian.fault.Retry;
import io.viridian.feed.LaneStatus;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.OperationDesk;
import io.viridian.migration.StateName;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.replication.lane.ApplyLane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts a migration's view together from what its parts tell. Reads memory only, so it answers while servers do not. */
final class Views {
    private final LiveMigration migration;
    private final OperationDesk desk;

    Views(LiveMigration migration, OperationDesk desk) {
        this.migration = migration;
        this.desk = desk;
    }

    MigrationView view(MigrationState state, Optional<Fault> retrying) {
        StateName name = StateName.of(state);
        Optional<Fault> halt = state instanceof MigrationState.Halted halted ? Optional.of(halted.why()) : retrying;
        Optional<Fault> fault = migration.blueKeeper().standing().or(() -> halt);
        Optional<Fault> shown = fault.or(migration::streamTrouble);
        String step = state instanceof MigrationState.Switching
                ? migration.step().map(SwitchStep::name).orElse("")
                : "";
        Optional<Side> owner = migration.standing(state).owner();
        List<MigrationView.ActionView> actions = actions(state);
        MigrationView view = new MigrationView(
                migration.parts().migration(),
                "",
                name.name(),
                step,
                owner.map(Side::text).orElse("none"),
                migration.planHash(),
                migration.stateSince(),
                flags(state),
                lag(Direction.FORWARD),
                backfill(),
                migration.proving().map(Proving::standing).orElse("never"),
                migration.proving().flatMap(Proving::age),
                migration.standing(state).rollback(),
                migration.consents().all(),
                migration.health().view(),
                migration.closedSide().view(),
                migration.lane(Direction.REVERSE).map(_ -> lag(Direction.REVERSE)),
                shown.map(Views::faultView),
                actions,
                next(state, shown));
        return view.versioned(ViewVersion.of(view, desk.recent(OperationDesk.REMEMBERED)));
    }

    private List<String> flags(MigrationState state) {
        List<String> flags = new ArrayList<>();
        if (migration.paused()) {
            flags.add("paused(by operator)");
        }
        flags.addAll(migration.blueKeeper().brake().flags());
        if (Wiring.closing(migration.parts()) == Closing.SESSIONS) {
            flags.add("fence(sessions: blue has no triggers; who sets transaction_read_only off writes there still)");
        }
        if (state instanceof MigrationState.Canary canary) {
            flags.add("canary(until " + canary.terms().until() + ", "
                    + canary.terms().conflicts().text() + ")");
        }
        return flags;
    }

    MigrationView.LagView lag(Direction direction) {
        Optional<ApplyLane> lane = migration.lane(direction);
        if (lane.isEmpty()) {
            return new MigrationView.LagView(Optional.empty(), Optional.empty());
        }
        LaneStatus status = lane.get().status();
        Optional<Long> bytes =
                migration.sources().end(direction).map(end -> Math.max(0, end.bytesSince(status.applied())));
        return new MigrationView.LagView(migration.lagSeconds(direction), bytes);
    }

    private MigrationView.BackfillView backfill() {
        return migration.copy().view();
    }

    private static MigrationView.FaultView faultView(Fault fault) {
        return new MigrationView.FaultView(
                fault.code().name(),
                fault.detail(),
                fault.object(),
                fault.sqlState(),
                fault.code().retry() == Retry.AUTOMATIC,
                fault.code().remedy());
    }

    private List<MigrationView.ActionView> actions(MigrationState state) {
        List<MigrationView.ActionView> actions = new ArrayList<>();
        for (Operation.Type type : Operation.Type.values()) {
            String why = migration.standing(state).refusal(type);
            actions.add(new MigrationView.ActionView(type.text(), why.isEmpty(), why));
        }
        return actions;
    }

    private List<String> next(MigrationState state, Optional<Fault> fault) {
        List<String> next = new ArrayList<>();
        fault.ifPresent(why -> next.add(why.code().remedy()));
        switch (StateName.of(state)) {
            case NEW, PREFLIGHT -> next.add("`viridian check` shows what the pre-flight checks find.");
            case PREPARING, BACKFILLING, CATCHING_UP ->
                next.add("`viridian watch --until READY` waits until green follows blue.");
            case READY, ROLLED_BACK -> {
                next.add("`viridian rehearse` measures the write pause without switching.");
                next.add("`viridian cutover` switches the writes to green.");
            }
            case ARMED -> {
                next.add(waiting(state));
                next.add("`viridian disarm` stops that; `viridian watch --until SWITCHED` waits for it.");
            }
            case CANARY -> {
                next.add("Applications may write on both sides; `viridian canary conflicts` shows what both changed.");
                next.add("`viridian canary stop` closes green and leads what it has to blue.");
            }
            case CUTTING_OVER, ROLLING_BACK -> next.add("`viridian watch` follows the switch.");
            case SWITCHED -> next.addAll(switched());
            case FINALIZING, ABORTING -> next.add("Nothing; what is Viridian's is being removed.");
            case FINALIZED, ABORTED -> {
                next.add("Stop the daemon; it has nothing left to do.");
                next.add("To migrate again, choose another name for the migration, or remove "
                        + Tombstone.file(migration.parts().settings().migrationDir()) + ".");
            }
            case HALTED -> {
                if (state instanceof MigrationState.Halted halted && halted.during() instanceof MigrationState.Canary) {
                    next.add("`viridian canary stop --conflicts blue-wins` (or another answer) settles what both sides"
                            + " changed and goes on.");
                }
                next.add("`viridian resume` goes on when the cause is mended"
                        + (migration
                                        .standing(state)
                                        .refusal(Operation.Type.ABORT)
                                        .isEmpty()
                                ? "; `viridian abort` gives up."
                                : "."));
            }
        }
        return next;
    }

    private List<String> switched() {
        WayBackKeeper wayBack = migration.wayBack();
        String end = "`viridian finalize` ends the way back and removes everything of Viridian.";
        if (wayBack.closed().isPresent()) {
            return List.of("There is no way back any more: " + wayBack.closed().get() + ".", end);
        }
        return List.of(
                migration.lossy() == 0
                        ? "`viridian rollback` leads the writes back to blue without loss."
                        : "`viridian plan rollback` tells what leading the writes back to blue would lose, and what accepts"
                                + " it.",
                wayBack.keptLongEnough()
                        ? "The way back has been kept as long as reverse.keep-for asks, and goes on until somebody ends it. "
                                + end
                        : end);
    }

    /** What an armed migration waits for. */
    private String waiting(MigrationState state) {
        String closed = migration.gateWatch().seen().stream()
                .filter(gate -> !gate.letsPass())
                .map(gate -> gate.id() + " (" + gate.value() + "; demanded: " + gate.limit() + ")")
                .collect(Collectors.joining(", "));
        return "It "
                + (state instanceof MigrationState.Armed armed ? armed.arming().words() : "cuts over by itself")
                + (closed.isEmpty() ? "." : ". Now it waits for " + closed + ".");
    }
}
