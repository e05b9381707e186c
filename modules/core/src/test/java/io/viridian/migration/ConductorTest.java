package io.viridian.migration;

import static io.viridian.migration.StateName.ARMED;
import static io.viridian.migration.StateName.BACKFILLING;
import static io.viridian.migration.StateName.CATCHING_UP;
import static io.viridian.migration.StateName.HALTED;
import static io.viridian.migration.StateName.NEW;
import static io.viridian.migration.StateName.PREFLIGHT;
import static io.viridian.migration.StateName.PREPARING;
import static io.viridian.migration.StateName.READY;
import static io.viridian.migration.StateName.ROLLED_BACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Side;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way to READY, faults on it, and what a daemon finds when it starts. Switches have a test of their own. */
@Timeout(20)
final class ConductorTest {
    private static final MigrationState BEFORE_READY = new MigrationState.CatchingUp();

    @Nested
    class OnTheWayToReady {
        @Test
        void doesTheWorkOfEachStateAndWritesEachStateBeforeItsWork() {
            Stage stage = Stage.after();
            stage.work.at("prepare", () -> assertThat(stage.journal.names()).containsExactly(PREPARING));
            stage.work.at("backfill", () -> assertThat(stage.journal.names()).endsWith(BACKFILLING));

            assertThat(stage.play()).containsExactly(NEW, PREFLIGHT, PREPARING, BACKFILLING, CATCHING_UP, READY);
            assertThat(stage.work.deeds)
                    .containsSubsequence(
                            "preflight", "create journal", "prepare", "streams for blue", "backfill", "catch up");
            assertThat(stage.journal.names()).containsExactly(PREPARING, BACKFILLING, CATCHING_UP, READY);
        }

        @Test
        void aRefusedPreflightWritesNothingAndSaysWhy() {
            Stage stage = Stage.after();
            stage.work.at("preflight", () -> {
                throw Stage.fault(FaultCode.PREFLIGHT_REFUSED);
            });

            assertThat(stage.play()).containsExactly(NEW, PREFLIGHT);
            assertThat(stage.journal.states()).isEmpty();
            assertThat(stage.work.deeds).containsExactly("preflight");
            assertThat(stage.conductor.retrying()).map(Fault::code).contains(FaultCode.PREFLIGHT_REFUSED);
        }

        @Test
        void anAbortBreaksOffTheBackfill() {
            Stage stage = Stage.after(new MigrationState.Backfilling());
            stage.work.at("backfill", () -> {
                stage.ask(Operation.Type.ABORT);
                assertThat(Thread.interrupted()).as("the work is interrupted").isTrue();
                throw new InterruptedException();
            });

            assertThat(stage.play()).endsWith(BACKFILLING, StateName.ABORTING, StateName.ABORTED);
            assertThat(stage.work.deeds).endsWith("remove, blue keeps the writes");
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void anAbortThatWaitsIsSeenBeforeTheNextPieceOfWorkBegins() {
            Stage stage = Stage.after(new MigrationState.Preparing());
            stage.upon(BACKFILLING, Operation.Type.ABORT);

            assertThat(stage.play()).endsWith(StateName.ABORTED);
            assertThat(stage.work.times("backfill")).isZero();
        }

        @Test
        void aStopLeavesTheStateAsItIs() {
            Stage stage = Stage.after(new MigrationState.Backfilling());
            stage.work.at("backfill", () -> {
                stage.conductor.stop();
                throw new InterruptedException();
            });

            assertThat(stage.play()).containsExactly(BACKFILLING);
            assertThat(stage.journal.names()).containsExactly(BACKFILLING);
        }

        @Test
        void whatFailsBecauseTheDaemonStopsIsNoFault() {
            Stage stage = Stage.after(new MigrationState.Backfilling());
            stage.work.at("backfill", () -> {
                stage.conductor.stop();
                throw Fault.of(FaultCode.GREEN_FAILED, "the driver was surprised by an interrupt")
                        .asException();
            });

            assertThat(stage.play()).containsExactly(BACKFILLING);
            assertThat(stage.journal.names()).containsExactly(BACKFILLING);
        }

        @Test
        void whatFailsBecauseOfAnAbortDoesNotKeepItBack() {
            Stage stage = Stage.after(new MigrationState.Backfilling());
            stage.work.at("backfill", () -> {
                stage.ask(Operation.Type.ABORT);
                assertThat(Thread.interrupted()).as("the work is interrupted").isTrue();
                throw new IllegalStateException("a bug that only an interrupt shows");
            });

            assertThat(stage.play()).endsWith(BACKFILLING, StateName.ABORTING, StateName.ABORTED);
        }
    }

    @Nested
    class WhenADaemonStarts {
        @Test
        void itGoesOnWhereTheJournalEnds() {
            Stage stage = Stage.after(new MigrationState.Preparing(), new MigrationState.Backfilling());

            assertThat(stage.play()).containsExactly(BACKFILLING, CATCHING_UP, READY);
            assertThat(stage.work.deeds).doesNotContain("preflight", "create journal", "prepare");
        }

        @Test
        void itDoesTheWorkOfTheInterruptedStateAgain() {
            Stage first = Stage.after(new MigrationState.Backfilling());
            first.work.at("backfill", () -> {
                throw new Stage.Death();
            });
            assertThatThrownBy(first::play).isInstanceOf(Stage.Death.class);

            Stage second = first.nextDaemon();
            assertThat(second.play()).containsExactly(BACKFILLING, CATCHING_UP, READY);
            assertThat(second.work.times("backfill")).isEqualTo(1);
        }

        @Test
        void anEndedMigrationStaysEnded() {
            Stage stage = Stage.after(new MigrationState.Aborted());

            assertThat(stage.play()).containsExactly(StateName.ABORTED);
            assertThat(stage.work.deeds).isEmpty();
        }

        @Test
        void anOperationThatBeganAndLeftNoTraceInTheJournalIsOver() {
            Stage second = Stage.after(new MigrationState.Ready());
            for (Operation.Type type : List.of(Operation.Type.CUTOVER, Operation.Type.ABORT, Operation.Type.VERIFY)) {
                String id = second.ask(type);
                second.desk.begin(type);
                assertThat(second.operation(id).status()).isEqualTo(Operation.Status.RUNNING);
            }
            Stage third = second.nextDaemon();

            assertThat(third.play()).containsExactly(READY);
            assertThat(third.desk.open()).isEmpty();
            assertThat(third.desk.recent(3)).extracting(Operation::status).containsOnly(Operation.Status.CANCELLED);
        }

        @Test
        void anOperationThatHadNotBegunIsCarriedOut() {
            Stage first = Stage.after(new MigrationState.Ready());
            String id = first.ask(Operation.Type.REHEARSE);
            Stage second = first.nextDaemon();

            second.play();
            assertThat(second.work.times("rehearse forward")).isEqualTo(1);
            assertThat(second.operation(id).status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void anEndingThatWasBegunSucceedsWhenItIsDone() {
            Stage first = Stage.after(new MigrationState.Ready());
            first.upon(READY, Operation.Type.ABORT);
            first.work.at("remove, blue keeps the writes", () -> {
                throw new Stage.Death();
            });
            assertThatThrownBy(first::play).isInstanceOf(Stage.Death.class);

            Stage second = first.nextDaemon();
            assertThat(second.play()).containsExactly(StateName.ABORTING, StateName.ABORTED);
            assertThat(second.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }
    }

    @Nested
    class WhenTheWorldFails {
        @Test
        void aFaultThatHealsIsTriedAgainWithBackOffAndShowsItselfMeanwhile() {
            Stage stage = Stage.after(BEFORE_READY);
            long began = System.nanoTime();
            stage.work.at("catch up", () -> {
                throw Stage.blueIsAway();
            });
            stage.work.at("catch up", () -> {
                assertThat(stage.conductor.retrying()).map(Fault::code).contains(FaultCode.BLUE_UNREACHABLE);
                throw Stage.blueIsAway();
            });

            assertThat(stage.play()).containsExactly(CATCHING_UP, READY);
            assertThat(stage.work.times("catch up")).isEqualTo(3);
            assertThat(System.nanoTime() - began).as("200 ms, then 400 ms").isGreaterThan(590_000_000L);
            assertThat(stage.conductor.retrying()).isEmpty();
        }

        @Test
        void aFaultThatWorkHasLongGotOverIsShownNoMore() {
            Stage stage = Stage.after(new MigrationState.Backfilling());
            stage.work.at("backfill", () -> {
                throw Stage.blueIsAway();
            });
            stage.work.at("backfill", () -> {
                assertThat(stage.conductor.retrying()).isPresent();
                stage.clock.pass(Duration.ofMinutes(1));
                assertThat(stage.conductor.retrying())
                        .as("a minute into the load")
                        .isEmpty();
            });

            assertThat(stage.play()).endsWith(READY);
        }

        @Test
        void whatEndedTheConductorIsShownForEver() {
            Stage stage = Stage.after();
            stage.work.at("preflight", () -> {
                throw Stage.fault(FaultCode.PREFLIGHT_REFUSED);
            });
            stage.play();
            stage.clock.pass(Duration.ofDays(3));

            assertThat(stage.conductor.retrying()).map(Fault::code).contains(FaultCode.PREFLIGHT_REFUSED);
        }

        @Test
        void aFaultThatNeedsAPersonHaltsAndResumeReturnsToWhereItWas() {
            Stage stage = Stage.after(BEFORE_READY).upon(HALTED, Operation.Type.RESUME);
            stage.work.at("catch up", () -> {
                throw Stage.fault(FaultCode.ROW_REFUSED);
            });

            assertThat(stage.play()).containsExactly(CATCHING_UP, HALTED, CATCHING_UP, READY);
            assertThat(stage.work.deeds).containsSubsequence("catch up", "restart streams", "catch up");
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
            assertThat(stage.journal.states().get(1))
                    .isEqualTo(new MigrationState.Halted(
                            BEFORE_READY, Fault.of(FaultCode.ROW_REFUSED, "made by the test")));
        }

        @Test
        void aHaltedMigrationTakesNothingButResumeAndAbort() {
            Stage stage = Stage.after(halted(BEFORE_READY));
            stage.upon(HALTED, () -> {
                stage.ask(Operation.Type.CUTOVER);
                stage.ask(Operation.Type.VERIFY);
                stage.ask(Operation.Type.ABORT);
            });

            assertThat(stage.play()).containsExactly(HALTED, StateName.ABORTING, StateName.ABORTED);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.FAILED);
            assertThat(stage.operation("op-2").result()).containsEntry("code", "USAGE");
            assertThat(stage.operation("op-3").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void anAbortIsRefusedWhenWhatHaltedIsBehindTheSwitch() {
            Stage stage = Stage.after(halted(new MigrationState.Finalizing()));
            stage.upon(HALTED, () -> {
                stage.ask(Operation.Type.ABORT);
                stage.ask(Operation.Type.RESUME);
            });

            assertThat(stage.play()).containsExactly(HALTED, StateName.FINALIZING, StateName.FINALIZED);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.FAILED);
        }

        @Test
        void aResumeWhoseOutcomeIsUnknownIsAnsweredAndCanBeAskedForAgain() {
            Stage stage = Stage.after(halted(BEFORE_READY)).upon(HALTED, Operation.Type.RESUME);
            stage.work.at("restart streams", () -> {
                stage.ask(Operation.Type.RESUME);
                throw new io.viridian.fault.Ambiguity("the answer was lost", new Exception());
            });

            assertThat(stage.play()).containsExactly(HALTED, CATCHING_UP, READY);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.FAILED);
            assertThat(stage.operation("op-1").result()).containsEntry("code", "OUTCOME_UNKNOWN");
            assertThat(stage.operation("op-2").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void aStreamThatStandsStillHaltsARestingMigration() {
            Stage stage = Stage.after(new MigrationState.Ready());
            stage.work.streamFault = Optional.of(Fault.of(FaultCode.SCHEMA_CHANGED, "a column was added"));

            assertThat(stage.play()).containsExactly(READY, HALTED);
        }

        @Test
        void aBugHaltsAndKeepsTheConductorThereToTell() {
            Stage stage = Stage.after(BEFORE_READY).upon(HALTED, Operation.Type.RESUME);
            stage.work.at("catch up", () -> {
                throw new IllegalStateException("the impossible");
            });

            assertThat(stage.play()).containsExactly(CATCHING_UP, HALTED, CATCHING_UP, READY);
            assertThat(stage.journal.states().get(1))
                    .isInstanceOfSatisfying(
                            MigrationState.Halted.class,
                            halted -> assertThat(halted.why().sentence()).contains("BUG", "the impossible"));
        }

        @Test
        void anEndingThatHaltedDoesNotKeepResumeOut() {
            Stage stage = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.ABORT);
            stage.work.at("remove, blue keeps the writes", () -> {
                throw Stage.fault(FaultCode.CONFIGURATION_INVALID);
            });
            stage.upon(HALTED, () -> {
                assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.UNKNOWN);
                assertThat(stage.desk.open()).isEmpty();
                stage.ask(Operation.Type.RESUME);
            });

            assertThat(stage.play()).endsWith(HALTED, StateName.ABORTING, StateName.ABORTED);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        private MigrationState halted(MigrationState during) {
            return new MigrationState.Halted(during, Fault.of(FaultCode.ROW_REFUSED, "made by the test"));
        }
    }

    @Nested
    class WhenTheJournalDoesNotAnswer {
        @Test
        void theWorkIsNotDoneAgainForAStateThatCouldNotBeWritten() {
            Stage stage = Stage.after(BEFORE_READY);
            stage.journal.refuseNext(Stage.blueIsAway());

            assertThat(stage.play()).containsExactly(CATCHING_UP, READY);
            assertThat(stage.work.times("catch up")).isEqualTo(1);
        }

        @Test
        void anAnswerThatWasLostIsAskedForAgain() {
            Stage stage = Stage.after(BEFORE_READY);
            stage.journal.loseNextAnswer(new io.viridian.fault.Ambiguity("the answer was lost", new Exception()));

            assertThat(stage.play()).containsExactly(CATCHING_UP, READY);
            assertThat(stage.journal.names()).containsExactly(CATCHING_UP, READY);
        }

        @Test
        void haltingWaitsForItAndTheConductorLives() {
            Stage stage = Stage.after(BEFORE_READY);
            stage.work.at("catch up", () -> {
                throw Stage.fault(FaultCode.ROW_REFUSED);
            });
            stage.journal.refuseNext(Stage.blueIsAway());

            assertThat(stage.play()).containsExactly(CATCHING_UP, HALTED);
            assertThat(stage.journal.names()).containsExactly(CATCHING_UP, HALTED);
        }

        @Test
        void aJournalThatRefusesForGoodEndsTheConductorWithTheReason() {
            Stage stage = Stage.after(BEFORE_READY);
            stage.journal.refuseNext(Stage.fault(FaultCode.BLUE_FAILED));

            assertThat(stage.play()).containsExactly(CATCHING_UP);
            assertThat(stage.conductor.retrying()).map(Fault::code).contains(FaultCode.BLUE_FAILED);
        }

        @Test
        void aDaemonThatFindsAnothersEntryStopsAndSaysSo() {
            Stage stage = Stage.after(BEFORE_READY);
            stage.work.at("catch up", () -> stage.journal.openedBy("another").append(1, new MigrationState.Aborting()));

            assertThat(stage.play()).containsExactly(CATCHING_UP);
            assertThat(stage.journal.names()).containsExactly(CATCHING_UP, StateName.ABORTING);
            assertThat(stage.conductor.retrying()).map(Fault::code).contains(FaultCode.CONFLICT);
        }
    }

    @Nested
    class WhileItRests {
        @Test
        void operationsAreCarriedOutOneAfterTheOther() {
            Stage stage = Stage.after(new MigrationState.Ready());
            stage.upon(READY, () -> {
                stage.ask(Operation.Type.VERIFY);
                stage.ask(Operation.Type.PAUSE);
                stage.ask(Operation.Type.RESUME);
                stage.ask(Operation.Type.REHEARSE);
            });

            stage.play();
            assertThat(stage.work.deeds)
                    .containsExactly("streams for blue", "verify forward", "pause", "go on", "rehearse forward");
            assertThat(stage.desk.recent(4)).extracting(Operation::status).containsOnly(Operation.Status.SUCCEEDED);
            assertThat(stage.operation("op-4").result()).containsEntry("write_pause_ms", "7");
        }

        @Test
        void verifiesTheOtherWayWhileGreenOwns() {
            Stage stage = Stage.after(new MigrationState.Switched(new SwitchAttempt("n", 1, "op-0")));
            stage.upon(StateName.SWITCHED, Operation.Type.VERIFY);

            stage.play();
            assertThat(stage.work.deeds).containsExactly("streams for green", "verify reverse");
        }

        @Test
        void aRollbackDoesNotWaitForAVerificationThatSomebodyAskedFor() {
            Stage stage = switchedAndAsked(Operation.Type.VERIFY);
            stage.work.at("verify reverse", () -> {
                stage.ask(Operation.Type.ROLLBACK);
                assertThat(Thread.interrupted()).as("the work is interrupted").isTrue();
                throw new InterruptedException();
            });

            assertThat(stage.play()).endsWith(ROLLED_BACK);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.CANCELLED);
            assertThat(stage.operation("op-1").result())
                    .containsEntry("detail", "it gave way to rollback, asked for by tester");
            assertThat(stage.operation("op-2").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void aRollbackDoesNotWaitForAVerificationThatWasDueHoweverThatFailsForIt() {
            Stage stage = Stage.after(new MigrationState.Switched(new SwitchAttempt("n", 1, "op-0")));
            stage.work.untilDue = Duration.ZERO;
            stage.atRest(() -> {}).work.at("verify reverse", () -> {
                stage.work.untilDue = FakeWork.A_MOMENT;
                stage.ask(Operation.Type.ROLLBACK);
                throw Stage.fault(FaultCode.GREEN_UNREACHABLE);
            });

            assertThat(stage.play()).containsSubsequence(StateName.SWITCHED, ROLLED_BACK);
            assertThat(stage.visited).doesNotContain(HALTED);
            assertThat(stage.conductor.retrying()).isEmpty();
        }

        @Test
        void aRollbackThatWaitsIsSeenBeforeAVerificationBegins() {
            Stage stage = switchedAndAsked(Operation.Type.VERIFY, Operation.Type.ROLLBACK);

            assertThat(stage.play()).endsWith(ROLLED_BACK);
            assertThat(stage.work.times("verify reverse")).isZero();
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.CANCELLED);
        }

        @Test
        void aCutoverWaitsForAVerificationWhoseResultItNeeds() {
            Stage stage = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.VERIFY);
            stage.work.at("verify forward", () -> {
                stage.ask(Operation.Type.CUTOVER);
                assertThat(Thread.interrupted()).as("the work is interrupted").isFalse();
            });

            assertThat(stage.play()).endsWith(StateName.SWITCHED);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void aStopBreaksOffAVerificationWhichTheNextDaemonTellsOf() {
            Stage stage = switchedAndAsked(Operation.Type.VERIFY);
            stage.work.at("verify reverse", () -> {
                stage.conductor.stop();
                throw Stage.fault(FaultCode.GREEN_UNREACHABLE);
            });

            assertThat(stage.play()).containsExactly(StateName.SWITCHED);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.RUNNING);
            Stage next = stage.nextDaemon();
            next.play();
            assertThat(next.operation("op-1").status()).isEqualTo(Operation.Status.CANCELLED);
        }

        private static Stage switchedAndAsked(Operation.Type... types) {
            Stage stage = Stage.after(new MigrationState.Switched(new SwitchAttempt("n", 1, "op-0")));
            return stage.upon(StateName.SWITCHED, () -> List.of(types).forEach(stage::ask));
        }

        @Test
        void theRoutesAreLookedAfterOnceASwitchHasSetThem() {
            Stage ready = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.VERIFY);
            ready.play();
            assertThat(ready.work.routesKept).isEmpty();

            Stage switched = Stage.after(new MigrationState.Switched(new SwitchAttempt("n", 1, "op-0")));
            switched.upon(StateName.SWITCHED, Operation.Type.VERIFY).play();
            assertThat(switched.work.routesKept).isNotEmpty().containsOnly(Side.GREEN);
        }

        @Test
        void theRoutesAreLookedAfterWhileItIsArmedAgainAndWhileItIsHalted() {
            SwitchAttempt attempt = new SwitchAttempt("n", 1, "op-0");
            Stage armed = Stage.after(new MigrationState.RolledBack(attempt)).upon(ROLLED_BACK, Operation.Type.ARM);
            armed.atRest(() -> armed.work.routesKept.clear()).play();
            assertThat(armed.visited).endsWith(ARMED);
            assertThat(armed.work.routesKept).isNotEmpty().containsOnly(Side.BLUE);

            Stage halted = Stage.after(new MigrationState.Halted(
                    new MigrationState.Switched(attempt), Fault.of(FaultCode.FENCE_LOST, "made by the test")));
            halted.upon(HALTED, () -> {}).work.whenRoutesAreKept = halted.conductor::stop;
            halted.play();
            assertThat(halted.work.routesKept).containsOnly(Side.GREEN);
        }

        @Test
        void anOperationThatFailsChangesNothingElse() {
            Stage stage = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.REHEARSE);
            stage.work.at("rehearse forward", () -> {
                throw Stage.fault(FaultCode.LOCK_TIMEOUT);
            });

            assertThat(stage.play()).containsExactly(READY);
            Operation failed = stage.operation("op-1");
            assertThat(failed.status()).isEqualTo(Operation.Status.FAILED);
            assertThat(failed.result())
                    .containsEntry("code", "LOCK_TIMEOUT")
                    .containsEntry("fix", FaultCode.LOCK_TIMEOUT.remedy());
        }

        @Test
        void anOperationThatEndsInABugIsOverAndTheMigrationHalts() {
            Stage stage = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.VERIFY);
            stage.work.at("verify forward", () -> {
                throw new IllegalStateException("the impossible");
            });

            assertThat(stage.play()).containsExactly(READY, HALTED);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.FAILED);
            assertThat(stage.operation("op-1").result()).containsEntry("code", "BUG");
        }

        @Test
        void anOperationWhoseOutcomeIsUnknownIsOverAndTheMigrationGoesOn() {
            Stage stage = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.REHEARSE);
            stage.work.at("rehearse forward", () -> {
                throw new io.viridian.fault.Ambiguity("the answer was lost", new Exception());
            });

            assertThat(stage.play()).containsExactly(READY);
            assertThat(stage.operation("op-1").result()).containsEntry("code", "OUTCOME_UNKNOWN");
        }

        @Test
        void anOperationWhoseBeginningCannotBeWrittenDownDoesNotBegin() {
            Stage stage = Stage.after(new MigrationState.Ready());
            stage.upon(READY, () -> {
                stage.ask(Operation.Type.REHEARSE);
                stage.operations.refuseNext(Stage.blueIsAway());
            });
            stage.work.at("streams for blue", () -> {});
            stage.work.at(
                    "streams for blue",
                    () -> assertThat(stage.work.times("rehearse forward"))
                            .as("not before it is written down")
                            .isZero());

            assertThat(stage.play()).containsExactly(READY);
            assertThat(stage.work.times("rehearse forward")).isEqualTo(1);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
        }

        @Test
        void finalizeIsRefusedBeforeTheSwitchAndAbortAfterIt() {
            Stage before = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.FINALIZE);
            before.play();
            assertThat(before.operation("op-1").result()).containsEntry("code", "USAGE");

            Stage after = Stage.after(new MigrationState.Switched(new SwitchAttempt("n", 1, "op-0")));
            after.upon(StateName.SWITCHED, Operation.Type.ABORT);
            after.play();
            assertThat(after.operation("op-1").result()).containsEntry("code", "USAGE");
            assertThat(after.visited).containsExactly(StateName.SWITCHED);
        }
    }
}
