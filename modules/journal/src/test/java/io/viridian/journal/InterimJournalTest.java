package io.viridian.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.control.MigrationEvent;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Journal;
import io.viridian.migration.MigrationState;
import io.viridian.migration.Operation;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.postgres.Database;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rollback that was written down on blue, and a journal's database that answers again. */
@Timeout(120)
final class InterimJournalTest {
    private static final MigrationState SWITCHED = new MigrationState.Switched(new SwitchAttempt("cutover", 1, "op-1"));
    private static final SwitchAttempt BACK = new SwitchAttempt("back", 2, "op-2");
    private static final MigrationState ROLLING_BACK = new MigrationState.RollingBack(SwitchStep.FENCE, BACK);
    private static final MigrationState ROLLED_BACK = new MigrationState.RolledBack(BACK);

    private static final PlanCopy PLAN = new PlanCopy("a1", "targets: {}", "{}");

    private static final Instant THEN = Instant.parse("2026-11-27T02:00:00Z");

    private Database blue;
    private Database journal;
    private InterimJournal interim;

    @BeforeEach
    void createDatabases() throws SQLException {
        blue = TestDatabase.create();
        journal = TestDatabase.create();
        ControlSchema.install(blue, ControlSchema.Role.BLUE);
        ControlSchema.install(journal, ControlSchema.Role.JOURNAL);
        blue.run(session -> PLAN.keep(session, "shop"));
        interim = new InterimJournal(blue, "shop");
    }

    @AfterEach
    void closeDatabases() {
        blue.close();
        journal.close();
    }

    private static Operation rollback() {
        return new Operation(
                "op-2",
                Operation.Type.ROLLBACK,
                Map.of(),
                "green hurts",
                "anna",
                Operation.Status.SUCCEEDED,
                Map.of(),
                THEN,
                Optional.of(THEN),
                Optional.of(THEN));
    }

    private void goBackWithoutTheJournal() {
        interim.begin(PLAN);
        PostgresJournal onBlue = new PostgresJournal(blue, "shop", "direct");
        onBlue.append(0, SWITCHED);
        onBlue.append(1, ROLLING_BACK);
        onBlue.append(2, ROLLED_BACK);
        new EventLog(blue, "shop").append("state.changed", "ROLLED_BACK");
        new PostgresOperations(blue, "shop").save(rollback());
    }

    private List<MigrationState> states(Database where) {
        return new PostgresJournal(where, "shop", "daemon")
                .history(100).stream().map(Journal.Entry::state).toList();
    }

    @Test
    void isCarriedOverWithEverythingThatHappenedAndIsGoneThen() {
        new PostgresJournal(journal, "shop", "daemon").append(0, SWITCHED);
        new EventLog(journal, "shop").append("state.changed", "SWITCHED");
        goBackWithoutTheJournal();
        Instant backAt =
                new PostgresJournal(blue, "shop", "").last().orElseThrow().enteredAt();
        assertThat(interim.begun()).isTrue();
        interim.carryInto(journal, Lease.take(journal, "shop", "next"));
        assertThat(states(journal)).containsExactly(ROLLED_BACK, ROLLING_BACK, SWITCHED);
        assertThat(new PostgresJournal(journal, "shop", "").last().orElseThrow().enteredAt())
                .isEqualTo(backAt);
        assertThat(new EventLog(journal, "shop").since(0, 10))
                .extracting(MigrationEvent::text)
                .containsExactly("SWITCHED", "ROLLED_BACK");
        assertThat(new PostgresOperations(journal, "shop").find("op-2")).contains(rollback());
        assertThat(interim.begun()).isFalse();
        assertThat(states(blue)).isEmpty();
    }

    @Test
    void isCarriedOverOnceHoweverOftenThatIsBrokenOff() {
        new PostgresJournal(journal, "shop", "daemon").append(0, SWITCHED);
        goBackWithoutTheJournal();
        Lease lease = Lease.take(journal, "shop", "next");
        blue.run(session -> session.execute("create view viridian.in_the_way as select 1 from viridian.event"));
        assertThatThrownBy(() -> interim.carryInto(journal, lease)).isInstanceOf(FaultException.class);
        assertThat(interim.begun()).isTrue();
        blue.run(session -> session.execute("drop view viridian.in_the_way"));
        interim.carryInto(journal, lease);
        assertThat(states(journal)).containsExactly(ROLLED_BACK, ROLLING_BACK, SWITCHED);
        assertThat(new EventLog(journal, "shop").since(0, 10)).hasSize(1);
    }

    @Test
    void isAllThatAJournalKnowsWhichWasMadeAnew() {
        goBackWithoutTheJournal();
        interim.carryInto(journal, Lease.take(journal, "shop", "next"));
        assertThat(states(journal)).containsExactly(ROLLED_BACK, ROLLING_BACK, SWITCHED);
        assertThat(PinnedPlan.find(journal, "shop")).contains(new PinnedPlan("a1", "targets: {}"));
    }

    @Test
    void isNotCarriedOverByADaemonThatWasReplaced() {
        goBackWithoutTheJournal();
        Lease replaced = Lease.take(journal, "shop", "one");
        Lease.take(journal, "shop", "other");
        assertThatThrownBy(() -> interim.carryInto(journal, replaced))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FaultCode.CONFLICT));
        assertThat(interim.begun()).isTrue();
    }

    @Test
    void canBeBegunAgainAfterItWasCarriedOver() {
        goBackWithoutTheJournal();
        interim.carryInto(journal, Lease.take(journal, "shop", "next"));
        interim.begin(PLAN);
        assertThat(interim.begun()).isTrue();
        assertThat(states(blue)).isEmpty();
        assertThat(PinnedPlan.find(blue, "shop")).contains(new PinnedPlan("a1", "targets: {}"));
    }
}
