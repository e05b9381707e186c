package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.proof.Verification;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reading that fails, is cut off or takes too long is a failure and nothing else, and leaves nothing behind. */
class InterruptedVerificationTest {
    private static final String TABLE = """
            create table numbers (id int primary key, v int not null);
            insert into numbers select g, g % 7 from generate_series(0, 500) g
            """;

    private TestPair pair;

    @BeforeEach
    void open() throws SQLException {
        pair = TestPair.of(15, 17).limits(TestPair.IMPATIENT);
        pair.both(TABLE);
    }

    @AfterEach
    void nothingIsLeft() throws SQLException, InterruptedException {
        pair.close();
    }

    private record Started(Consumer<TableName> work) implements VerifyProgress {
        @Override
        public void started(List<TableName> sources, TableName target) {
            work.accept(sources.getFirst());
        }

        @Override
        public void finished(Verification.TableResult result) {
            throw new AssertionError("finished: " + result);
        }
    }

    private FaultException failure(Deadline by) {
        StillLane lane = new StillLane(Direction.FORWARD);
        FaultException failure = catchThrowableOfType(
                FaultException.class, () -> pair.verifier().verify(Direction.FORWARD, lane, Set.of(), by));
        assertThat(lane.released).hasValue(1);
        return failure;
    }

    @Test
    void anExpressionThatFailsOnOneRowFailsTheVerification() throws Exception {
        pair.oneWay().mapping(TestPair.rule("numbers", Optional.empty(), "id", "s.id", "v", "100 / s.v"), "numbers");
        FaultException failure = failure(TestPair.deadline());
        assertThat(failure.code()).isEqualTo(FaultCode.BLUE_FAILED);
        assertThat(failure.fault().sqlState()).isEqualTo("22012");
    }

    @Test
    void aSessionThatIsEndedFromOutsideFailsTheVerification() throws Exception {
        pair.progress(new Started(_ -> pair.green.run(session -> session.list("""
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where application_name like '% verify' and datname = current_database()
                        """, row -> 1))));
        assertThat(failure(TestPair.deadline()).code()).isEqualTo(FaultCode.GREEN_UNREACHABLE);
    }

    @Test
    void aQueryThatIsCancelledFromOutsideLeavesTheVerificationUnfinished() throws Exception {
        slowOnBlue();
        pair.progress(
                new Started(_ -> Thread.ofVirtual().start(() -> pair.blue.run(InterruptedVerificationTest::cancel))));
        assertThat(failure(TestPair.deadline()).code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
    }

    /** Asks until a query of the verification was there to be cancelled. */
    private static void cancel(Session session) {
        while (session.list("""
                        select pg_cancel_backend(pid) from pg_stat_activity
                        where application_name like '% verify' and datname = current_database() and state = 'active'
                          and query like 'execute%'
                        """, row -> 1).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theDeadlineEndsALongComparisonOnTheServerToo() throws Exception {
        slowOnBlue();
        long before = System.nanoTime();
        FaultException failure = failure(Deadline.after(Clock.system(), Duration.ofSeconds(2)));
        assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
        assertThat(failure).hasMessageContaining("deadline");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        pair.awaitNothingLeft();
    }

    @Test
    void anInterruptEndsItAtOnce() throws Exception {
        slowOnBlue();
        Thread verifying = Thread.currentThread();
        pair.progress(new Started(_ -> verifying.interrupt()));
        InterruptedException interruption =
                catchThrowableOfType(InterruptedException.class, () -> pair.verify(Direction.FORWARD));
        assertThat(interruption).isNotNull();
        assertThat(Thread.interrupted()).isFalse();
        pair.awaitNothingLeft();
    }

    @Test
    void rowsHiddenByRowSecurityAreAnError() throws Exception {
        String role = "verify_" + System.nanoTime();
        pair.onBlue(
                "create role " + role + " login replication",
                "grant select on numbers to " + role,
                "create policy visible on numbers using (id < 100)",
                "alter table numbers enable row level security");
        try {
            PostgresVerifier verifier = pair.verifierAsOnBlue(role);
            FaultException failure = catchThrowableOfType(
                    FaultException.class,
                    () -> verifier.verify(
                            Direction.FORWARD, new StillLane(Direction.FORWARD), Set.of(), TestPair.deadline()));
            assertThat(failure.code()).isEqualTo(FaultCode.BLUE_FAILED);
            assertThat(failure).hasMessageContaining("row-level security");
            pair.awaitNothingLeft();
        } finally {
            pair.onBlue("drop owned by " + role, "drop role " + role);
        }
    }

    @Test
    void aServerThatFreezesCannotHoldTheVerificationBeyondItsDeadline() throws Exception {
        try (ServerPair servers = ServerPair.start(15, 17)) {
            TestPair frozen = TestPair.of(
                    servers.blue(),
                    servers.blue().freshDatabase("frozen"),
                    servers.green(),
                    servers.green().freshDatabase("frozen"));
            frozen.both(TABLE);
            frozen.progress(new Started(_ -> servers.green().freeze()));
            FaultException failure = catchThrowableOfType(
                    FaultException.class,
                    () -> frozen.verifier()
                            .verify(
                                    Direction.FORWARD,
                                    new StillLane(Direction.FORWARD),
                                    Set.of(),
                                    Deadline.after(Clock.system(), Duration.ofSeconds(5))));
            assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
            servers.green().thaw();
            frozen.close();
        }
    }

    private void slowOnBlue() {
        pair.mapping(
                TestPair.rule("numbers", Optional.of("pg_sleep(0.1) is not null"), "id", "s.id", "v", "s.v"),
                "numbers");
    }
}
