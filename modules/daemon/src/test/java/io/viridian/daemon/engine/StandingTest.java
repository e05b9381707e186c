package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Arming;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Side;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingTest {
    private static final SwitchAttempt ATTEMPT = new SwitchAttempt("attempt", 1, "");
    private static final Fault FAULT = Fault.of(FaultCode.SCHEMA_CHANGED, "a column was dropped");
    private static final MigrationState.Halted HALTED_READY =
            new MigrationState.Halted(new MigrationState.Ready(), FAULT);
    private static final MigrationState.Halted HALTED_SWITCHED =
            new MigrationState.Halted(new MigrationState.Switched(ATTEMPT), FAULT);

    private static Standing in(MigrationState state) {
        return new Standing(state, Optional.empty(), Optional.empty(), Optional.empty(), 0);
    }

    private static Standing cuttingOver(SwitchStep step) {
        return new Standing(
                new MigrationState.CuttingOver(step, ATTEMPT, false),
                Optional.of(step),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    private static Standing rollingBack(SwitchStep step) {
        return new Standing(
                new MigrationState.RollingBack(step, ATTEMPT),
                Optional.of(step),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    @ParameterizedTest
    @EnumSource(
            value = SwitchStep.class,
            names = {"OPEN", "ROUTE"},
            mode = EnumSource.Mode.EXCLUDE)
    void theSourceOwnsTheWritesUpToTheCommitPoint(SwitchStep step) {
        assertThat(cuttingOver(step).owner()).contains(Side.BLUE);
        assertThat(rollingBack(step).owner()).contains(Side.GREEN);
    }

    @Test
    void nobodyOwnsTheWritesBetweenTheCommitPointAndTheOpening() {
        assertThat(cuttingOver(SwitchStep.OPEN).owner()).isEmpty();
        assertThat(rollingBack(SwitchStep.OPEN).owner()).isEmpty();
    }

    @Test
    void theTargetOwnsTheWritesWhileTrafficIsLed() {
        assertThat(cuttingOver(SwitchStep.ROUTE).owner()).contains(Side.GREEN);
        assertThat(rollingBack(SwitchStep.ROUTE).owner()).contains(Side.BLUE);
    }

    @Test
    void aHaltChangesNoOwner() {
        assertThat(in(HALTED_READY).owner()).contains(Side.BLUE);
        assertThat(in(HALTED_SWITCHED).owner()).contains(Side.GREEN);
    }

    @Test
    void abortIsRefusedOnceGreenOwnsTheWritesEvenWhenHalted() {
        assertThat(in(HALTED_READY).refusal(Operation.Type.ABORT)).isEmpty();
        assertThat(in(HALTED_SWITCHED).refusal(Operation.Type.ABORT)).isEqualTo("abort is not possible in HALTED");
        assertThat(in(new MigrationState.Switched(ATTEMPT)).refusal(Operation.Type.ABORT))
                .isEqualTo("abort is not possible in SWITCHED");
    }

    @Test
    void cutoverIsPossibleOnlyWhereBlueOwnsTheWritesAndGreenFollows() {
        assertThat(in(new MigrationState.Ready()).refusal(Operation.Type.CUTOVER))
                .isEmpty();
        assertThat(in(new MigrationState.RolledBack(ATTEMPT)).refusal(Operation.Type.CUTOVER))
                .isEmpty();
        assertThat(in(new MigrationState.CatchingUp()).refusal(Operation.Type.CUTOVER))
                .isEqualTo("cutover is not possible in CATCHING_UP");
    }

    @Test
    void whatIsArmedMayDoWhatIsReadyMayAndBeDisarmed() {
        Arming arming = new Arming(
                "op-1",
                "ada",
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Optional.empty(),
                Optional.empty(),
                3,
                Optional.empty());
        Standing armed = in(new MigrationState.Armed(Optional.empty(), arming, Instant.EPOCH));
        Standing ready = in(new MigrationState.Ready());

        assertThat(armed.owner()).contains(Side.BLUE);
        for (Operation.Type type : Operation.Type.values()) {
            if (type != Operation.Type.DISARM && type != Operation.Type.CANARY) {
                assertThat(armed.refusal(type).isEmpty())
                        .as(type.text())
                        .isEqualTo(ready.refusal(type).isEmpty());
            }
        }
        assertThat(armed.refusal(Operation.Type.DISARM)).isEmpty();
        assertThat(armed.refusal(Operation.Type.CANARY)).isEqualTo("canary is not possible in ARMED");
        assertThat(ready.refusal(Operation.Type.CANARY)).isEmpty();
        assertThat(ready.refusal(Operation.Type.DISARM)).isEqualTo("disarm is not possible in READY");
    }

    @Test
    void aCutoverCanBeDisarmedUpToItsCommitPoint() {
        assertThat(cuttingOver(SwitchStep.REVERSE).refusal(Operation.Type.DISARM))
                .isEmpty();
        assertThat(cuttingOver(SwitchStep.OPEN).refusal(Operation.Type.DISARM)).isNotEmpty();
        assertThat(rollingBack(SwitchStep.FENCE).refusal(Operation.Type.DISARM)).isNotEmpty();
    }

    @Test
    void withoutAWayBackRollbackIsRefusedAndSaysWhy() {
        Standing oneWay = new Standing(
                new MigrationState.Switched(ATTEMPT),
                Optional.empty(),
                Optional.of("reverse.enabled is false"),
                Optional.empty(),
                0);

        assertThat(oneWay.refusal(Operation.Type.ROLLBACK)).contains("reverse.enabled is false");
        assertThat(oneWay.rollback()).isEqualTo("impossible(reverse.enabled is false)");
    }

    @Test
    void aBrokenWayBackSaysWhatBrokeIt() {
        Standing broken = new Standing(
                new MigrationState.Switched(ATTEMPT), Optional.empty(), Optional.empty(), Optional.of(FAULT), 0);

        assertThat(broken.rollback()).startsWith("impossible(").contains("a column was dropped");
        assertThat(in(new MigrationState.Switched(ATTEMPT)).rollback()).isEqualTo("lossless");
        assertThat(in(new MigrationState.Finalized()).rollback()).isEqualTo("impossible(the migration has ended)");
    }

    @Test
    void whatBlueCannotHoldIsCountedWhileGreenOwnsTheWrites() {
        assertThat(new Standing(
                                new MigrationState.Switched(ATTEMPT),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                3)
                        .rollback())
                .isEqualTo("lossy(3)");
        assertThat(new Standing(
                                new MigrationState.Switched(ATTEMPT),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(FAULT),
                                3)
                        .rollback())
                .startsWith("impossible(");
        assertThat(new Standing(new MigrationState.Ready(), Optional.empty(), Optional.empty(), Optional.empty(), 3)
                        .rollback())
                .isEqualTo("lossless");
    }
}
