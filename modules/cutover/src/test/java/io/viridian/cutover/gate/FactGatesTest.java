package io.viridian.cutover.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.cutover.Pair;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Arming;
import io.viridian.migration.Gate;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Gates that look at what the daemon knows; the pair behind them is healthy and nobody writes to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FactGatesTest {
    private Pair pair;
    private GateRig rig;

    @BeforeAll
    void createPair() throws SQLException {
        pair = Pair.create(ServerPair.shared(14, 18), GateRig.TABLES);
    }

    @AfterAll
    void closePair() {
        pair.close();
    }

    @BeforeEach
    void allIsWell() {
        rig = new GateRig(pair);
    }

    @Test
    void aLaneWithAFaultIsNotHealthy() throws InterruptedException {
        rig.lane = GateRig.lane(
                Optional.of(rig.clock.now()),
                0,
                true,
                Optional.of(Fault.of(FaultCode.ROW_REFUSED, "value too long for accounts.note")));
        rig.assertFails("repl.healthy", "value too long");
    }

    @Test
    void aLaneThatOnlyWatchesIsNotHealthy() throws InterruptedException {
        rig.lane = GateRig.lane(Optional.of(rig.clock.now()), 0, false, Optional.empty());
        rig.assertFails("repl.healthy", "only watching");
    }

    @Test
    void everyGateSaysWhetherItCanBeOverriddenAndOthersStandBehindThem() throws InterruptedException {
        assertThat(Gates.firm().keySet())
                .containsAll(rig.read().stream().map(Gate::id).toList());
        rig.own = List.of(
                new OwnGate("hook.smoke", true, "fine", "exit 0", "Look at the hook."),
                new OwnGate("approval", false, "nobody", "1 person", "Ask somebody."));

        assertThat(rig.read().reversed().subList(0, 2))
                .extracting(Gate::id, Gate::passing, Gate::hint)
                .containsExactly(tuple("approval", false, "Ask somebody."), tuple("hook.smoke", true, ""));
    }

    @Test
    void anOldHeartbeatIsLag() throws InterruptedException {
        rig.clock.pass(Duration.ofMillis(1001));
        rig.assertFails("lag.seconds", "1001 ms");
        rig.lane = GateRig.lane(Optional.empty(), 0, true, Optional.empty());
        rig.assertFails("lag.seconds", "no heartbeat");
    }

    @Test
    void aLagThatWasSmallForAMomentIsNotStable() throws InterruptedException {
        rig.assertFails("lag.stable", "0 ms");
        rig.stableLag();
        rig.assertPasses("lag.stable");
        rig.clock.pass(Duration.ofSeconds(2));
        rig.assertFails("lag.stable", "0 ms");
        rig.heartbeat();
        rig.assertFails("lag.stable", "0 ms");
    }

    @Test
    void aLagThatNobodyLookedAtIsNotStable() throws InterruptedException {
        rig.read();
        rig.clock.pass(Duration.ofSeconds(60));
        rig.heartbeat();
        rig.assertFails("lag.stable", "0 ms");
    }

    /** For some two minutes. */
    private String hintOfALagThatGrowsBy(double perSecond) throws InterruptedException {
        double lag = 100;
        for (int round = 0; round < 24; round++) {
            rig.lane = GateRig.lane(
                    Optional.of(rig.clock.now().minusMillis((long) (lag * 1000))), 0, true, Optional.empty());
            rig.read();
            rig.clock.pass(Duration.ofSeconds(5));
            lag += 5 * perSecond;
        }
        rig.lane =
                GateRig.lane(Optional.of(rig.clock.now().minusMillis((long) (lag * 1000))), 0, true, Optional.empty());
        rig.assertFails("lag.seconds", " s");
        return rig.gate("lag.seconds").hint();
    }

    @Test
    void aTargetThatIsSlowerThanTheWritersIsToldToBeSo() throws InterruptedException {
        assertThat(hintOfALagThatGrowsBy(0.3))
                .startsWith("It will not fall by itself: it grew by 36")
                .contains("because green takes longer than the writers on blue");
    }

    @Test
    void aLagThatFallsIsTimed() throws InterruptedException {
        assertThat(hintOfALagThatGrowsBy(-0.5)).startsWith("It falls, and at this rate is small in ");
    }

    /** Then nobody can say, and it falls to nothing when the transaction is through. */
    @Test
    void aLagBehindALargeTransactionIsNoSlowTarget() throws InterruptedException {
        assertThat(hintOfALagThatGrowsBy(1)).startsWith("Nothing has come through for ");
    }

    @Test
    void nothingIsForetoldFromAMoment() throws InterruptedException {
        rig.lane = GateRig.lane(Optional.of(rig.clock.now().minusSeconds(90)), 0, true, Optional.empty());
        assertThat(rig.gate("lag.seconds").hint()).startsWith("Let the stream catch up");
    }

    @Test
    void anUnfinishedBackfillIsNotComplete() throws InterruptedException {
        rig.backfillComplete = false;
        rig.assertFails("backfill.complete", "under way");
    }

    @Test
    void anOldVerificationIsNotFresh() throws InterruptedException {
        rig.clock.pass(Duration.ofMinutes(61));
        rig.assertFails("verify.fresh", "61 min old");
        rig.verification = Optional.empty();
        rig.assertFails("verify.fresh", "never verified");
        rig.assertFails("verify.clean", "never verified");
    }

    @Test
    void aVerificationWhoseFollowUpIsForgottenIsNotFresh() throws InterruptedException {
        rig.touchedKnown = false;
        rig.assertFails("verify.fresh", "not all remembered");
    }

    @Test
    void aMismatchIsNotClean() throws InterruptedException {
        rig.verification = Optional.of(rig.verified(3));
        rig.assertFails("verify.clean", "3 rows differ");
    }

    @Test
    void aKnownChangeOfTheSchemaIsNotQuiet() throws InterruptedException {
        rig.schemaChange = Optional.of("public.accounts has a new column");
        rig.assertFails("schema.quiet", "new column");
        rig.schemaChange = Optional.empty();
        rig.lane = GateRig.lane(
                Optional.of(rig.clock.now()),
                0,
                true,
                Optional.of(Fault.of(FaultCode.SCHEMA_CHANGED, "blue ran ALTER TABLE")));
        rig.assertFails("schema.quiet", "ALTER TABLE");
    }

    @Test
    void aTableThatThePlanDoesNotKnowIsNotQuiet() throws InterruptedException {
        rig.unplannedTables = Optional.of("public.later came");
        rig.assertFails("schema.quiet", "public.later");
        assertThat(rig.gate("schema.quiet").hint()).contains("tables.exclude");
        rig.unplannedTables = Optional.empty();
        rig.assertPasses("schema.quiet");
    }

    @Test
    void aForeignTransactionOnTheTargetIsCounted() throws InterruptedException {
        rig.back = Optional.of(GateRig.lane(Optional.of(rig.clock.now()), 2, false, Optional.empty()));
        rig.assertFails("green.no-foreign-writes", "2 foreign transactions");
    }

    @Test
    void aSilentWayBackIsNotProven() throws InterruptedException {
        rig.clock.pass(Duration.ofSeconds(6));
        rig.assertFails("reverse.proven", "heartbeat 6000 ms ago");
        rig.back = Optional.of(GateRig.lane(Optional.empty(), 0, false, Optional.empty()));
        rig.assertFails("reverse.proven", "no heartbeat");
        rig.back = Optional.empty();
        rig.assertFails("reverse.proven", "does not run");
    }

    @Test
    void aSwitcherThatLeadsElsewhereIsNamed() throws InterruptedException {
        rig.ledTo = Side.GREEN;
        rig.assertFails("traffic.reachable", "pooler");
    }

    @Test
    void aRehearsalBeyondTheBudgetPredictsTrouble() throws InterruptedException {
        assertThat(rig.read().stream().map(Gate::id)).doesNotContain("pause.predicted");
        rig.pause = PauseForecastTest.rehearsed(2001, Map.of(SwitchStep.VERIFY, Duration.ofMillis(1900)));
        rig.assertPasses("pause.predicted");
        rig.pause = PauseForecastTest.rehearsed(3001, Map.of(SwitchStep.VERIFY, Duration.ofMillis(2900)));
        rig.assertFails("pause.predicted", "at fault: verify, about 2900 ms");
    }

    @Test
    void outsideTheWindowIsClosed() throws InterruptedException {
        rig.limits = GateRig.limits(
                Optional.of(rig.clock.now().plusSeconds(60)),
                Optional.of(rig.clock.now().plusSeconds(120)),
                16L << 30);
        rig.assertFails("window.open", rig.clock.now().toString());
        rig.clock.pass(Duration.ofSeconds(61));
        rig.assertPasses("window.open");
        rig.clock.pass(Duration.ofSeconds(61));
        rig.assertFails("window.open", rig.clock.now().toString());
    }

    @Test
    void anArmingsTermsTakeThePlaceOfTheConfiguredOnes() throws InterruptedException {
        rig.stableLag();
        rig.assertPasses("lag.stable");
        rig.armed = Optional.of(new Arming(
                "op-1",
                "ada",
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                Optional.of(rig.clock.now().plusSeconds(60)),
                Optional.empty(),
                1,
                Optional.empty()));
        rig.assertFails("window.open", rig.clock.now().toString());
        rig.assertFails("lag.stable", "0 ms");
        rig.clock.pass(Duration.ofMillis(501));
        rig.assertFails("lag.seconds", "501 ms");
        rig.stableLag();
        rig.assertPasses("lag.stable");
        assertThat(rig.gate("lag.stable").limit()).isEqualTo("for 20 s");
    }

    @Test
    void aGateKeepsTheMomentItFlipped() throws InterruptedException {
        Instant begin = rig.clock.now();
        assertThat(rig.gate("backfill.complete").since()).isEqualTo(begin);
        rig.clock.pass(Duration.ofSeconds(5));
        assertThat(rig.gate("backfill.complete").since()).isEqualTo(begin);
        rig.backfillComplete = false;
        assertThat(rig.gate("backfill.complete").since()).isEqualTo(rig.clock.now());
    }
}
