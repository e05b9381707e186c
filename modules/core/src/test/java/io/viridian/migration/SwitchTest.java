package io.viridian.migration;

import static io.viridian.migration.StateName.CUTTING_OVER;
import static io.viridian.migration.StateName.HALTED;
import static io.viridian.migration.StateName.READY;
import static io.viridian.migration.StateName.ROLLED_BACK;
import static io.viridian.migration.StateName.ROLLING_BACK;
import static io.viridian.migration.StateName.SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Side;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cutover and rollback as the conductor leads them: forward, undone, broken off, and found again after a crash. */
@Timeout(20)
final class SwitchTest {
    private static final MigrationState READY_STATE = new MigrationState.Ready();
    private static final SwitchAttempt EARLIER = new SwitchAttempt("earlier", 1, "op-0");
    private static final SwitchAttempt ATTEMPT = new SwitchAttempt("found", 1, "op-1");
    private static final MigrationState CUTTING = new MigrationState.CuttingOver(SwitchStep.FENCE, ATTEMPT, false);

    private final Stage stage = Stage.after(READY_STATE).upon(READY, Operation.Type.CUTOVER);

    @Nested
    class ThatGoesWell {
        @Test
        void performsEveryStepOnceAndWritesTheIntentBeforeTheFirst() {
            stage.work.switchover.at(
                    SwitchStep.FENCE, () -> assertThat(stage.journal.names()).endsWith(READY, CUTTING_OVER));

            assertThat(stage.play()).containsExactly(READY, CUTTING_OVER, CUTTING_OVER, SWITCHED);
            assertThat(stage.work.switchover.deeds)
                    .containsExactly(
                            "forward FENCE",
                            "forward DRAIN",
                            "forward VERIFY",
                            "forward SEQUENCES",
                            "forward REVERSE",
                            "forward COMMIT",
                            "forward OPEN",
                            "forward ROUTE");
        }

        @Test
        void journalsTheIntentTheRoutingAndTheEndAndNothingInBetween() {
            stage.play();

            assertThat(stage.journal.names()).containsExactly(READY, CUTTING_OVER, CUTTING_OVER, SWITCHED);
            assertThat(stage.journal.states().get(2))
                    .isInstanceOfSatisfying(
                            MigrationState.CuttingOver.class,
                            routing -> assertThat(routing.step()).isEqualTo(SwitchStep.ROUTE));
        }

        @Test
        void tellsTheOperationWhatItCost() {
            stage.play();

            Operation done = stage.operation("op-1");
            assertThat(done.status()).isEqualTo(Operation.Status.SUCCEEDED);
            assertThat(done.result()).containsEntry("write_pause_ms", "42").containsEntry("step.fence_ms", "3.0");
        }

        @Test
        void ARollbackIsTheSameWithTheSidesSwapped() {
            Stage back = Stage.after(new MigrationState.Switched(EARLIER));
            back.work.owner = new MigrationWork.Ownership(Side.GREEN, 2);
            back.upon(SWITCHED, Operation.Type.ROLLBACK);

            assertThat(back.play()).containsExactly(SWITCHED, ROLLING_BACK, ROLLING_BACK, ROLLED_BACK);
            assertThat(back.work.switchover.deeds).startsWith("reverse FENCE").endsWith("reverse ROUTE");
            assertThat(back.journal.states().getLast())
                    .isInstanceOfSatisfying(
                            MigrationState.RolledBack.class,
                            done -> assertThat(done.by().toEpoch()).isEqualTo(3));
        }

        @Test
        void thereAndBackAndThereAgainNeedsNoNewCopy() {
            stage.upon(SWITCHED, Operation.Type.ROLLBACK).upon(ROLLED_BACK, Operation.Type.CUTOVER);
            stage.upon(SWITCHED, Operation.Type.FINALIZE);

            assertThat(stage.play()).endsWith(SWITCHED, StateName.FINALIZING, StateName.FINALIZED);
            assertThat(stage.work.times("backfill")).isZero();
            assertThat(stage.work.deeds).endsWith("remove, green keeps the writes");
        }
    }

    @Nested
    class ThatIsRefused {
        @Test
        void aGateLeavesTheStateAndFailsTheOperation() {
            stage.work.gates = List.of(
                    new Gate("repl.healthy", true, "yes", "yes", "", Instant.EPOCH),
                    new Gate("lag.seconds", false, "12 s", "1 s", "Wait for the lag to fall.", Instant.EPOCH));

            assertThat(stage.play()).containsExactly(READY);
            assertThat(stage.work.switchover.deeds).isEmpty();
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.FAILED);
            assertThat(stage.operation("op-1").result())
                    .containsEntry("code", "GATE_REFUSED")
                    .containsEntry("object", "lag.seconds");
            assertThat(stage.operation("op-1").result().get("detail")).contains("12 s", "1 s", "Wait for the lag");
        }

        @Test
        void aCutoverTwiceOrARollbackBeforeIt() {
            Stage before = Stage.after(READY_STATE).upon(READY, Operation.Type.ROLLBACK);
            before.play();
            assertThat(before.operation("op-1").result()).containsEntry("code", "USAGE");

            Stage twice = Stage.after(new MigrationState.Switched(EARLIER)).upon(SWITCHED, Operation.Type.CUTOVER);
            twice.play();
            assertThat(twice.operation("op-1").result()).containsEntry("code", "USAGE");
            assertThat(twice.work.switchover.deeds).isEmpty();
        }
    }

    @Nested
    class ThatIsUndone {
        @Test
        void returnsToReadyWithTheReasonAndThePause() {
            stage.work.switchover.at(SwitchStep.VERIFY, () -> {
                throw Stage.fault(FaultCode.VERIFY_MISMATCH);
            });

            assertThat(stage.play()).containsExactly(READY, CUTTING_OVER, READY);
            assertThat(stage.work.switchover.deeds)
                    .containsExactly("forward FENCE", "forward DRAIN", "forward VERIFY", "forward undo");
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.UNDONE);
            assertThat(stage.operation("op-1").result())
                    .containsEntry("code", "VERIFY_MISMATCH")
                    .containsEntry("write_pause_ms", "42");
        }

        @Test
        void returnsToRolledBackWhenItWasASecondCutover() {
            Stage again = Stage.after(new MigrationState.RolledBack(EARLIER)).upon(ROLLED_BACK, Operation.Type.CUTOVER);
            again.work.switchover.at(SwitchStep.FENCE, () -> {
                throw Stage.fault(FaultCode.LOCK_TIMEOUT);
            });

            assertThat(again.play()).containsExactly(ROLLED_BACK, CUTTING_OVER, ROLLED_BACK);
        }

        @Test
        void returnsToSwitchedWhenItWasARollback() {
            Stage back = Stage.after(new MigrationState.Switched(EARLIER)).upon(SWITCHED, Operation.Type.ROLLBACK);
            back.work.switchover.at(SwitchStep.DRAIN, () -> {
                throw Stage.fault(FaultCode.DRAIN_TIMEOUT);
            });

            assertThat(back.play()).containsExactly(SWITCHED, ROLLING_BACK, SWITCHED);
            assertThat(back.operation("op-1").status()).isEqualTo(Operation.Status.UNDONE);
        }

        @Test
        void byABugLetsTheWritersGoBeforeItHalts() {
            stage.work.switchover.at(SwitchStep.VERIFY, () -> {
                throw new IllegalStateException("the impossible");
            });

            assertThat(stage.play()).containsExactly(READY, CUTTING_OVER, HALTED);
            assertThat(stage.work.switchover.deeds).endsWith("forward VERIFY", "forward undo");
        }
    }

    @Nested
    class WhoseDecidingAnswerIsLost {
        @Test
        void goesForwardWhenTheRowsSayThatItHappened() {
            stage.work.switchover.at(SwitchStep.COMMIT, () -> {
                stage.work.switchover.decided(Switchover.Decision.SWITCHED);
                throw new Ambiguity("no answer to COMMIT", new Exception());
            });

            assertThat(stage.play()).endsWith(SWITCHED);
            assertThat(stage.work.switchover.deeds)
                    .endsWith("forward COMMIT", "forward resolve", "forward OPEN", "forward ROUTE");
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void isUndoneWhenTheRowsSayThatItDidNot() {
            stage.work.switchover.at(SwitchStep.COMMIT, () -> {
                throw new Ambiguity("no answer to COMMIT", new Exception());
            });

            assertThat(stage.play()).endsWith(CUTTING_OVER, READY);
            assertThat(stage.work.switchover.deeds).endsWith("forward COMMIT", "forward resolve", "forward undo");
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.UNDONE);
        }
    }

    @Nested
    class BehindTheCommitPoint {
        @Test
        void thereIsOnlyForwardHoweverOftenItTakesAndItShowsWhy() {
            stage.work.switchover.at(SwitchStep.OPEN, () -> {
                throw Stage.fault(FaultCode.GREEN_UNREACHABLE);
            });
            stage.work.switchover.at(SwitchStep.OPEN, () -> {
                assertThat(stage.conductor.retrying()).map(Fault::code).contains(FaultCode.GREEN_UNREACHABLE);
                throw Stage.fault(FaultCode.REVERSE_UNPROVEN);
            });
            stage.work.switchover.at(SwitchStep.ROUTE, () -> {
                throw Stage.fault(FaultCode.TRAFFIC_FAILED);
            });
            stage.work.switchover.at(
                    SwitchStep.ROUTE,
                    () -> assertThat(stage.conductor.retrying())
                            .map(Fault::code)
                            .contains(FaultCode.TRAFFIC_FAILED));

            assertThat(stage.play()).endsWith(SWITCHED);
            assertThat(stage.work.switchover.deeds)
                    .endsWith("forward OPEN", "forward OPEN", "forward OPEN", "forward ROUTE", "forward ROUTE")
                    .doesNotContain("forward undo");
            assertThat(stage.conductor.retrying()).isEmpty();
        }

        @Test
        void theImpossibleHaltsAndTheOperationIsNotTold() {
            stage.work.switchover.at(SwitchStep.OPEN, () -> {
                throw Stage.fault(FaultCode.OWNERSHIP_IMPOSSIBLE);
            });

            assertThat(stage.play()).endsWith(HALTED);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.UNKNOWN);
            assertThat(stage.desk.open()).as("nothing keeps resume out").isEmpty();
        }

        @Test
        void aHaltedSwitchIsReadBackOnResumeAndGoesForwardWithoutASecondFence() {
            stage.work.switchover.at(SwitchStep.OPEN, () -> {
                throw Stage.fault(FaultCode.OWNERSHIP_IMPOSSIBLE);
            });
            stage.upon(HALTED, Operation.Type.RESUME);

            assertThat(stage.play()).endsWith(HALTED, CUTTING_OVER, CUTTING_OVER, SWITCHED);
            assertThat(stage.work.switchover.deeds)
                    .containsOnlyOnce("forward FENCE", "forward DRAIN", "forward COMMIT")
                    .endsWith("forward OPEN", "forward resolve", "forward OPEN", "forward ROUTE");
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void aSwitchThatHaltedBeforeTheCommitPointIsUndoneOnResumeNotRunAgain() {
            stage.work.switchover.at(SwitchStep.VERIFY, () -> {
                throw new IllegalStateException("the impossible");
            });
            stage.upon(HALTED, Operation.Type.RESUME);

            assertThat(stage.play()).endsWith(HALTED, CUTTING_OVER, READY);
            assertThat(stage.work.switchover.deeds)
                    .as("its fence marker is in the stream already: a second drain would believe it")
                    .containsOnlyOnce("forward DRAIN");
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.UNDONE);
        }
    }

    @Nested
    class FoundAfterACrash {
        private final Stage found = Stage.after(READY_STATE, CUTTING);

        @Test
        void isUndoneWhenTheCommitPointWasNotPassed() {
            assertThat(found.play()).containsExactly(CUTTING_OVER, READY);
            assertThat(found.work.switchover.deeds).containsExactly("forward resolve", "forward undo");
        }

        @Test
        void goesForwardWhenItWas() {
            found.work.switchover.decided(Switchover.Decision.SWITCHED);

            assertThat(found.play()).containsExactly(CUTTING_OVER, CUTTING_OVER, SWITCHED);
            assertThat(found.work.switchover.deeds).containsExactly("forward resolve", "forward OPEN", "forward ROUTE");
            assertThat(found.work.deeds).startsWith("streams for green");
        }

        @Test
        void onlyRoutesWhenTheNewSideWasOpen() {
            Stage routing = Stage.after(new MigrationState.CuttingOver(SwitchStep.ROUTE, ATTEMPT, false));
            routing.work.switchover.decided(Switchover.Decision.SWITCHED);

            routing.play();
            assertThat(routing.work.switchover.deeds).containsExactly("forward resolve", "forward ROUTE");
        }

        @Test
        void finishesTheOperationThatAskedForIt() {
            Stage first = Stage.after(READY_STATE).upon(READY, Operation.Type.CUTOVER);
            first.work.switchover.at(SwitchStep.DRAIN, () -> {
                throw new Stage.Death();
            });
            assertThatThrownBy(first::play).isInstanceOf(Stage.Death.class);

            Stage second = first.nextDaemon();
            assertThat(second.play()).containsExactly(CUTTING_OVER, READY);
            assertThat(second.operation("op-1").status()).isEqualTo(Operation.Status.UNDONE);
        }

        @Test
        void keepsWhatTheDeadDaemonToldOfIt() {
            Stage first = Stage.after(READY_STATE).upon(READY, Operation.Type.CUTOVER);
            first.upon(SWITCHED, () -> {
                throw new Stage.Death();
            });
            first.work.switchover.paused(Duration.ofMillis(180));
            assertThatThrownBy(first::play).isInstanceOf(Stage.Death.class);
            Stage second = new StageAt(first).beforeTheLastEntry();
            second.work.switchover.decided(Switchover.Decision.SWITCHED);
            second.work.switchover.paused(Duration.ZERO);

            assertThat(second.play()).endsWith(SWITCHED);
            assertThat(second.operation("op-1").result()).containsEntry("write_pause_ms", "180");
        }

        @Test
        void goesOnAskingUntilTheOldOwnerAnswersAndShowsItMeanwhile() {
            found.work.at("streams for blue", () -> {
                throw Stage.fault(FaultCode.GREEN_REFUSED);
            });
            found.work.at("streams for blue", () -> {
                assertThat(found.conductor.retrying()).map(Fault::code).contains(FaultCode.GREEN_REFUSED);
                throw Stage.blueIsAway();
            });

            assertThat(found.play()).containsExactly(CUTTING_OVER, READY);
        }

        @Test
        void haltsWhenTheRowsContradictEachOther() {
            found.work.at("streams for blue", () -> {
                throw Stage.fault(FaultCode.OWNERSHIP_IMPOSSIBLE);
            });

            assertThat(found.play()).containsExactly(CUTTING_OVER, HALTED);
        }

        @Test
        void aRollbackComesBackToTheSideThatOwns() {
            Stage back = Stage.after(new MigrationState.RollingBack(SwitchStep.FENCE, ATTEMPT));

            assertThat(back.play()).containsExactly(ROLLING_BACK, SWITCHED);
            assertThat(back.work.deeds).startsWith("streams for green");
        }
    }

    @Nested
    class WhoseIntentCannotBeWritten {
        @Test
        void doesNotBegin() {
            stage.upon(CUTTING_OVER, () -> assertThat(stage.journal.names()).endsWith(CUTTING_OVER));
            stage.upon(READY, () -> {});
            stage.work.at("streams for blue", () -> stage.journal.refuseNext(Stage.blueIsAway()));

            assertThat(stage.play()).containsExactly(READY, CUTTING_OVER, READY);
            assertThat(stage.work.switchover.deeds)
                    .as("what held when the operator asked may no longer hold")
                    .containsExactly("forward resolve", "forward undo");
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.UNDONE);
        }

        @Test
        void stopsTheDaemonWhenAnotherOneWasFaster() {
            stage.work.at(
                    "streams for blue",
                    () -> stage.journal.openedBy("another").append(1, new MigrationState.Aborting()));

            assertThat(stage.play()).containsExactly(READY);
            assertThat(stage.work.switchover.deeds).isEmpty();
            assertThat(stage.conductor.retrying()).map(Fault::code).contains(FaultCode.CONFLICT);
        }
    }

    /** The daemon that follows one which died between telling its operation and writing its last state. */
    private record StageAt(Stage dead) {
        Stage beforeTheLastEntry() {
            List<MigrationState> states = dead.journal.states();
            Stage next = Stage.after(states.subList(0, states.size() - 1).toArray(MigrationState[]::new));
            dead.operations.recent(10).forEach(next.operations::save);
            next.desk.attach(next.operations);
            return next;
        }
    }
}
