package io.viridian.migration;

import static io.viridian.migration.StateName.ROLLED_BACK;
import static io.viridian.migration.StateName.ROLLING_BACK;
import static io.viridian.migration.StateName.SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Side;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rollback while green holds rows that blue cannot hold as they are. */
@Timeout(20)
final class LossTest {
    private final Stage stage = Stage.after(new MigrationState.Switched(new SwitchAttempt("earlier", 6, "op-0")));

    @BeforeEach
    void greenOwns() {
        stage.work.owner = new MigrationWork.Ownership(Side.GREEN, 7);
    }

    private List<StateName> rollback(String token) {
        stage.upon(SWITCHED, () -> stage.ask(Operation.Type.ROLLBACK, Map.of("accept_data_loss", token)));
        return stage.play();
    }

    private void assertRefused(String code, String... words) {
        assertThat(stage.work.switchover.deeds).isEmpty();
        assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.FAILED);
        assertThat(stage.operation("op-1").result()).containsEntry("code", code);
        assertThat(stage.operation("op-1").result().get("detail")).contains(words);
    }

    @Test
    void isRefusedUnlessSomebodyAcceptsIt() {
        stage.work.lossy = 3;

        assertThat(rollback("")).containsExactly(SWITCHED);
        assertRefused("GATE_REFUSED", "3 rows", "plan rollback", "--accept-data-loss");
        assertThat(stage.operation("op-1").result()).containsEntry("object", "rollback.lossless");
    }

    @Test
    void losesWhatWasAcceptedAndLess() {
        stage.work.lossy = 3;
        assertThat(rollback("3-e7")).endsWith(ROLLING_BACK, ROLLING_BACK, ROLLED_BACK);
    }

    @Test
    void losesNoMoreThanWasAccepted() {
        stage.work.lossy = 4;

        assertThat(rollback("3-e7")).containsExactly(SWITCHED);
        assertRefused("GATE_REFUSED", "4 rows", "only 3");
    }

    @Test
    void whatWasAcceptedBehindAnEarlierSwitchCountsNoMore() {
        stage.work.lossy = 1;

        assertThat(rollback("3-e5")).containsExactly(SWITCHED);
        assertRefused("GATE_REFUSED", "epoch 5", "7");
    }

    @Test
    void aTokenThatNoPlanNamedIsNone() {
        stage.work.lossy = 1;

        assertThat(rollback("yes")).containsExactly(SWITCHED);
        assertRefused("USAGE", "'yes'", "3-e7");
    }

    @Test
    void isSeenUnderTheLocksToo() {
        stage.work.switchover.at(SwitchStep.DRAIN, () -> stage.work.lossy = 1);

        assertThat(rollback("")).containsExactly(SWITCHED, ROLLING_BACK, SWITCHED);
        assertThat(stage.work.switchover.deeds).containsExactly("reverse FENCE", "reverse DRAIN", "reverse undo");
        assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.UNDONE);
        assertThat(stage.operation("op-1").result()).containsEntry("code", "GATE_REFUSED");
    }

    @Test
    void isNoneOfTheWayForward() {
        Stage there = Stage.after(new MigrationState.Ready()).upon(StateName.READY, Operation.Type.CUTOVER);
        there.work.lossy = 3;

        assertThat(there.play()).endsWith(SWITCHED);
    }

    @Test
    void nothingBeginsWhereNoGateCanBeRead() {
        stage.work.gates = List.of();

        assertThat(rollback("")).containsExactly(SWITCHED);
        assertRefused("GATE_REFUSED", "no gate can be read");
    }
}
