package io.viridian.migration;

import static io.viridian.migration.StateName.ARMED;
import static io.viridian.migration.StateName.CUTTING_OVER;
import static io.viridian.migration.StateName.READY;
import static io.viridian.migration.StateName.SWITCHED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gates that somebody has overridden: they let a switch pass, and never silently. */
@Timeout(20)
final class OverriddenTest {
    private static final GateOverride WORD =
            new GateOverride("ada", "the report may wait", Instant.EPOCH, Instant.EPOCH.plusSeconds(60));

    private final Stage stage = Stage.after(new MigrationState.Ready());

    private static Gate failing(String id) {
        return new Gate(id, false, "212 s", "at most 1 s", "End it.", Instant.EPOCH);
    }

    private static Gate overridden(String id) {
        return failing(id).with(Optional.of(WORD));
    }

    @Test
    void aCutoverPassesExactlyThatGateAndTells() {
        stage.work.gates = List.of(overridden("tx.longest"));
        stage.upon(READY, Operation.Type.CUTOVER);

        assertThat(stage.play()).endsWith(CUTTING_OVER, SWITCHED);
        assertThat(stage.work.deeds)
                .filteredOn(deed -> deed.startsWith("gate.passed-by-override"))
                .singleElement()
                .asString()
                .contains("tx.longest", "212 s", "ada", "the report may wait");
        assertThat(stage.work.askedBy).isEqualTo("tester");
    }

    @Test
    void anotherGateStaysInTheWay() {
        stage.work.gates = List.of(overridden("tx.longest"), failing("locks.none"));
        stage.upon(READY, Operation.Type.CUTOVER);

        assertThat(stage.play()).containsExactly(READY);
        assertThat(stage.operation("op-1").result()).containsEntry("object", "locks.none");
        assertThat(stage.work.deeds).noneMatch(deed -> deed.startsWith("gate.passed-by-override"));
    }

    @Test
    void whatIsArmedDoesNotWaitForIt() {
        stage.work.gates = List.of(overridden("tx.longest"));
        stage.upon(READY, Operation.Type.ARM).atRest(() -> stage.clock.pass(Duration.ofSeconds(30)));

        assertThat(stage.play()).startsWith(READY, ARMED).endsWith(SWITCHED);
        assertThat(stage.work.askedBy).as("whose approval does not count").isEqualTo("tester");
    }

    @Test
    void whatADaemonHadBegunToWriteDownIsTakenUpByTheNext() {
        stage.upon(READY, () -> {
            stage.ask(Operation.Type.OVERRIDE);
            stage.desk.begin();
            stage.conductor.stop();
        });
        stage.play();

        Stage next = stage.nextDaemon();
        next.play();

        assertThat(next.work.deeds).contains("consent op-1");
        assertThat(next.operation("op-1").status()).isEqualTo(Operation.Status.SUCCEEDED);
    }
}
