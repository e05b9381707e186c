package io.viridian.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a conductor does around a time with two writable sides. */
@Timeout(60)
final class CanaryTurnTest {
    private static final Map<String, String> START = Map.of("action", "start");
    private static final Map<String, String> STOP = Map.of("action", "stop");

    private static CanaryTerms terms(ConflictPolicy policy) {
        return new CanaryTerms("op-0", "ada", Instant.EPOCH.plus(Duration.ofDays(100_000)), policy);
    }

    private static MigrationState.Canary canary(CanaryPhase phase) {
        return new MigrationState.Canary(phase, terms(ConflictPolicy.HALT));
    }

    @Test
    void greenIsOpenedOnlyAfterTheJournalSaysSo() {
        Stage stage = Stage.after(new MigrationState.Ready());
        stage.upon(StateName.READY, () -> stage.ask(Operation.Type.CANARY, START));
        stage.upon(StateName.CANARY, () -> assertThat(stage.work.deeds).doesNotContain("open green"));
        stage.upon(StateName.CATCHING_UP, () -> {});
        stage.work.at("share", () -> stage.ask(Operation.Type.CANARY, STOP));
        stage.play();
        assertThat(stage.work.deeds).containsSubsequence("canary terms", "open green", "share", "close green, halt");
        assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
        assertThat(stage.operation("op-2").status()).isEqualTo(Operation.Status.SUCCEEDED);
    }

    @Test
    void aDaemonThatFindsGreenBeingOpenedOpensItAgain() {
        Stage stage = Stage.after(canary(CanaryPhase.OPENING));
        stage.work.at("share", () -> stage.ask(Operation.Type.CANARY, STOP));
        stage.play();
        assertThat(stage.work.deeds).containsSubsequence("open green", "share", "close green, halt", "catch up");
    }

    @Test
    void aDaemonThatFindsGreenBeingClosedClosesIt() {
        Stage stage = Stage.after(canary(CanaryPhase.CLOSING));
        stage.play();
        assertThat(stage.work.deeds)
                .containsSubsequence("close green, halt", "catch up")
                .doesNotContain("open green");
    }

    @Test
    void aStreamThatStandsClosesGreenFirst() {
        Stage stage = Stage.after(canary(CanaryPhase.OPEN));
        stage.work.at(
                "share",
                () -> stage.work.streamFault = Optional.of(Fault.of(FaultCode.CANARY_CONFLICT, "both changed it")));
        stage.work.at("close green, halt", () -> {
            throw Fault.of(FaultCode.CANARY_CONFLICT, "both changed it").asException();
        });
        stage.upon(
                StateName.HALTED,
                () -> stage.ask(Operation.Type.CANARY, Map.of("action", "stop", "conflicts", "blue-wins")));
        stage.play();
        assertThat(stage.work.deeds)
                .containsSubsequence("close green, halt", "restart streams", "close green, blue-wins", "catch up");
    }

    @Test
    void whatEndsItByItselfClosesGreen() {
        Stage stage = Stage.after(canary(CanaryPhase.OPEN));
        stage.work.canary.obstacle = Optional.of("a sequence runs short");
        stage.play();
        assertThat(stage.work.deeds).containsSubsequence("share", "close green, halt", "catch up");
    }

    @Test
    void nothingElseIsDoneMeanwhile() {
        Stage stage = Stage.after(canary(CanaryPhase.OPEN));
        stage.work.canary.looksBeforeItRests = 3;
        stage.work.at("share", () -> {
            stage.ask(Operation.Type.CUTOVER);
            stage.ask(Operation.Type.ABORT);
            stage.ask(Operation.Type.CANARY, STOP);
        });
        stage.play();
        assertThat(stage.operation("op-1").result().get("detail")).contains("stop the canary first");
        assertThat(stage.operation("op-2").result().get("detail")).contains("stop the canary first");
        assertThat(stage.operation("op-3").status()).isEqualTo(Operation.Status.SUCCEEDED);
    }

    @Test
    void itBeginsInReadyOnly() {
        Stage stage = Stage.after(new MigrationState.RolledBack(new SwitchAttempt("n", 1, "op-0")));
        stage.upon(StateName.ROLLED_BACK, () -> stage.ask(Operation.Type.CANARY, START));
        stage.play();
        assertThat(stage.operation("op-1").status()).isEqualTo(Operation.Status.FAILED);
        assertThat(stage.work.deeds).doesNotContain("open green");
    }
}
