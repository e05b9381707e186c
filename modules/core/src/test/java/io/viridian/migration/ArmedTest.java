package io.viridian.migration;

import static io.viridian.migration.StateName.ARMED;
import static io.viridian.migration.StateName.CATCHING_UP;
import static io.viridian.migration.StateName.CUTTING_OVER;
import static io.viridian.migration.StateName.HALTED;
import static io.viridian.migration.StateName.READY;
import static io.viridian.migration.StateName.ROLLED_BACK;
import static io.viridian.migration.StateName.SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A migration that cuts over by itself: when it does, how often it tries, and what stops it. */
@Timeout(20)
final class ArmedTest {
    private static final SwitchAttempt EARLIER = new SwitchAttempt("earlier", 1, "op-0");
    private static final Duration STABLE = Duration.ofSeconds(30);

    private final Stage stage = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.ARM);

    private static Gate gate(String id, boolean passing) {
        return new Gate(id, passing, passing ? "fine" : "not fine", "fine", "", Instant.EPOCH);
    }

    private void gates(boolean passing) {
        stage.work.gates = List.of(gate("repl.healthy", true), gate("lag.stable", passing));
    }

    private void pass(Duration time) {
        stage.clock.pass(time);
    }

    private static Arming standing() {
        return new Arming("", "cutover.mode", STABLE, STABLE, Optional.empty(), Optional.empty(), 2, Optional.empty());
    }

    private static Arming ofAPerson() {
        return new Arming(
                "op-7", "ada", STABLE, STABLE, Optional.empty(), Optional.empty(), 2, Optional.of(Instant.MAX));
    }

    @Nested
    class ThatWaits {
        @Test
        void cutsOverOnceEveryGatePassesAndTheTimeIsUp() {
            gates(false);
            stage.atRest(() -> pass(STABLE)).atRest(() -> gates(true));

            assertThat(stage.play()).containsExactly(READY, ARMED, CUTTING_OVER, CUTTING_OVER, SWITCHED);
            assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
            assertThat(stage.operation("op-1").result())
                    .containsEntry("attempts", "3")
                    .containsKey("expires");
            assertThat(stage.desk.recent(1)).singleElement().satisfies(cutover -> {
                assertThat(cutover.type()).isEqualTo(Operation.Type.CUTOVER);
                assertThat(cutover.by()).isEqualTo("tester");
                assertThat(cutover.reason()).isEqualTo("armed by operation op-1");
                assertThat(cutover.status()).isEqualTo(Operation.Status.SUCCEEDED);
            });
        }

        @Test
        void doesNotCutOverBeforeTheTimeIsUpOrWithoutGates() {
            gates(true);
            stage.atRest(() -> pass(STABLE.minusMillis(1)));
            assertThat(stage.play()).as("too early").containsExactly(READY, ARMED);

            Stage blind = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.ARM);
            blind.work.gates = List.of();
            blind.atRest(() -> blind.clock.pass(STABLE));
            assertThat(blind.play()).as("nothing could be read").containsExactly(READY, ARMED);
        }

        @Test
        void waitsAnewWhenItIsRefusedAtTheLastMoment() {
            gates(true);
            stage.work.at("prove touched forward", () -> {
                throw Stage.fault(FaultCode.VERIFY_MISMATCH);
            });
            stage.atRest(() -> pass(STABLE)).atRest(() -> {}).atRest(() -> pass(STABLE));

            assertThat(stage.play()).containsExactly(READY, ARMED, ARMED, CUTTING_OVER, CUTTING_OVER, SWITCHED);
            assertThat(stage.work.times("prove touched forward")).isEqualTo(2);
        }

        @Test
        void canBeArmedAnewWithOtherTerms() {
            gates(false);
            stage.atRest(() -> {
                stage.work.attempts = 1;
                stage.ask(Operation.Type.ARM);
            });

            assertThat(stage.play()).containsExactly(READY, ARMED, ARMED);
            assertThat(stage.journal.states().getLast())
                    .isInstanceOfSatisfying(
                            MigrationState.Armed.class,
                            armed -> assertThat(armed.arming().attempts()).isEqualTo(1));
        }

        @Test
        void canBeAborted() {
            gates(false);
            stage.upon(ARMED, Operation.Type.ABORT);

            assertThat(stage.play()).endsWith(ARMED, StateName.ABORTING, StateName.ABORTED);
        }
    }

    @Nested
    class WhoseAttemptIsUndone {
        @Test
        void triesAgainAfterTheTimeAndGivesUpAfterTheLast() {
            stage.work.attempts = 2;
            gates(true);
            for (int attempt = 0; attempt < 2; attempt++) {
                stage.work.switchover.at(SwitchStep.FENCE, () -> {
                    throw Stage.fault(FaultCode.LOCK_TIMEOUT);
                });
                stage.atRest(() -> pass(STABLE));
            }

            assertThat(stage.play()).containsExactly(READY, ARMED, CUTTING_OVER, ARMED, CUTTING_OVER, READY);
            assertThat(stage.work.deeds).contains("cutover.disarmed: no attempt is left");
            assertThat(stage.desk.recent(2)).extracting(Operation::status).containsOnly(Operation.Status.UNDONE);
        }

        @Test
        void returnsToRolledBackWhereItCameFromThere() {
            Stage again = Stage.after(new MigrationState.RolledBack(EARLIER)).upon(ROLLED_BACK, Operation.Type.ARM);
            again.work.gates = List.of(gate("lag.stable", true));
            again.work.attempts = 1;
            again.work.switchover.at(SwitchStep.DRAIN, () -> {
                throw Stage.fault(FaultCode.DRAIN_TIMEOUT);
            });
            again.atRest(() -> again.clock.pass(STABLE));

            assertThat(again.play()).containsExactly(ROLLED_BACK, ARMED, CUTTING_OVER, ROLLED_BACK);
        }
    }

    @Nested
    class ThatIsDisarmed {
        @Test
        void byAPersonWaitsAsBefore() {
            gates(false);
            stage.upon(ARMED, Operation.Type.DISARM);

            assertThat(stage.play()).containsExactly(READY, ARMED, READY);
            assertThat(stage.operation("op-2").status()).isEqualTo(Operation.Status.SUCCEEDED);
            assertThat(stage.work.deeds).contains("cutover.disarmed: tester disarmed it");
        }

        @Test
        void inTheMiddleOfACutoverUndoesIt() {
            gates(true);
            stage.work.switchover.at(SwitchStep.REVERSE, () -> stage.ask(Operation.Type.DISARM));
            stage.atRest(() -> pass(STABLE));

            assertThat(stage.play()).containsExactly(READY, ARMED, CUTTING_OVER, ARMED, READY);
            assertThat(stage.work.switchover.deeds).endsWith("forward REVERSE", "forward undo");
        }

        @Test
        void afterTheCommitPointGoesOnAndSaysSo() {
            gates(true);
            stage.work.switchover.at(SwitchStep.COMMIT, () -> stage.ask(Operation.Type.DISARM));
            stage.atRest(() -> pass(STABLE));

            assertThat(stage.play()).endsWith(SWITCHED);
            assertThat(stage.operation("op-2").result()).containsEntry("code", "USAGE");
        }

        @Test
        void byRowsThatDifferOrAnotherSchema() {
            for (String gate : List.of("verify.clean", "schema.quiet")) {
                Stage disarmed = Stage.after(new MigrationState.Ready()).upon(READY, Operation.Type.ARM);
                disarmed.work.gates = List.of(gate(gate, false), gate("lag.stable", false));

                assertThat(disarmed.play()).containsExactly(READY, ARMED, READY);
                assertThat(disarmed.work.deeds)
                        .contains("cutover.disarmed: gate " + gate + " is not passing: not fine");
            }
        }

        @Test
        void byTheClockWhenNobodyThinksOfItAnyMore() {
            gates(false);
            stage.atRest(() -> pass(Duration.ofHours(1)));

            assertThat(stage.play()).containsExactly(READY, ARMED, READY);
            assertThat(stage.work.deeds).anyMatch(deed -> deed.startsWith("cutover.disarmed: it expired at "));
        }

        @Test
        void byAFaultThatHaltsIsNotArmedAfterIt() {
            gates(false);
            stage.upon(
                            ARMED,
                            () -> stage.work.streamFault =
                                    Optional.of(Fault.of(FaultCode.ROW_REFUSED, "row 5 does not fit")))
                    .upon(HALTED, Operation.Type.RESUME);

            assertThat(stage.play()).containsExactly(READY, ARMED, HALTED, READY);
        }
    }

    @Nested
    class WhenAnotherDaemonFindsIt {
        @Test
        void aPersonsArmingIsOver() {
            Stage next = Stage.after(new MigrationState.Armed(Optional.empty(), ofAPerson(), Instant.EPOCH));

            assertThat(next.play()).containsExactly(ARMED, READY);
            assertThat(next.work.deeds).contains("cutover.disarmed: the daemon that was asked is gone");
        }

        @Test
        void theConfigurationsHolds() {
            Stage next = Stage.after(new MigrationState.Armed(Optional.empty(), standing(), Instant.EPOCH));
            next.work.gates = List.of(gate("lag.stable", true));

            assertThat(next.play()).containsExactly(ARMED, CUTTING_OVER, CUTTING_OVER, SWITCHED);
        }

        @Test
        void anArmingThatWasNotBegunIsCancelled() {
            Stage first = Stage.after(new MigrationState.Ready());
            first.upon(READY, () -> {
                first.ask(Operation.Type.ARM);
                first.conductor.stop();
            });
            first.play();
            Stage next = first.nextDaemon();

            assertThat(next.play()).containsExactly(READY);
            assertThat(next.operation("op-1").status()).isEqualTo(Operation.Status.CANCELLED);
        }

        @Test
        void anAttemptThatWasBrokenOffIsReadBackAndAPersonsArmingIsOverThen() {
            for (Arming arming : List.of(ofAPerson(), standing())) {
                Stage next = Stage.after(
                        new MigrationState.CuttingOver(SwitchStep.FENCE, EARLIER, false, Optional.of(arming)));
                assertThat(next.play()).containsExactly(CUTTING_OVER, arming.standing() ? ARMED : READY);
            }
        }
    }

    @Test
    void theConfigurationArmsItAsSoonAsGreenFollows() {
        Stage auto = Stage.after(new MigrationState.CatchingUp());
        auto.work.standing = Optional.of(standing());

        assertThat(auto.play()).containsExactly(CATCHING_UP, ARMED);
    }
}
