package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.testkit.Await;
import io.viridian.time.Backoff;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

/** How the pair of snapshots is reached, and what is left when it is not. */
class ExactPairTest {
    private static final String TABLES = """
            create table first (id int primary key, v text);
            insert into first select g, 'v' || g from generate_series(1, 100) g;
            create table second (id int primary key, v text);
            insert into second select g, 'v' || g from generate_series(1, 20000) g;
            analyze
            """;

    private final List<TestPair> opened = new ArrayList<>();

    private TestPair pair(int blue, int green) throws SQLException {
        TestPair pair = TestPair.of(blue, green);
        opened.add(pair);
        pair.both(TABLES);
        return pair.limits(TestPair.IMPATIENT);
    }

    @AfterEach
    void nothingIsLeft() throws SQLException, InterruptedException {
        for (TestPair pair : opened) {
            pair.close();
        }
    }

    private static FaultException failure(TestPair pair, StillLane lane) {
        return failure(pair.verifier(), lane);
    }

    private static FaultException failure(PostgresVerifier verifier, StillLane lane) {
        return catchThrowableOfType(
                FaultException.class, () -> verifier.verify(Direction.FORWARD, lane, Set.of(), TestPair.deadline()));
    }

    private static int pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Lets somebody write on blue the moment the lane is held for the first time. */
    private static final class Intruded extends StillLane {
        private final Connection writer;
        private final String statement;

        Intruded(Connection writer, String statement) {
            super(Direction.FORWARD);
            this.writer = writer;
            this.statement = statement;
        }

        @Override
        void whenHeld() {
            try {
                if (holds.get() == 1) {
                    TestPair.run(writer, statement);
                }
            } catch (SQLException failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        void whenReleased() {
            try {
                if (!writer.getAutoCommit()) {
                    writer.rollback();
                }
            } catch (SQLException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"14, 18", "15, 17", "18, 18"})
    void holdsTheLaneOnceAndForgetsWhatWasTouched(int blue, int green) throws Exception {
        TestPair pair = pair(blue, green);
        StillLane lane = new StillLane(Direction.FORWARD);
        Verification verification = pair.verify(lane);
        assertThat(verification.clean()).isTrue();
        assertThat(verification.rows()).isEqualTo(20_100);
        assertThat(verification.laneHeld()).isPositive().isLessThan(verification.took());
        assertThat(lane.holds).hasValue(1);
        assertThat(lane.released).hasValue(1);
        assertThat(lane.forgotten).hasValue(1);
    }

    @Test
    void doesNotForgetWhatWasTouchedWhenOnlySomeTablesAreCompared() throws Exception {
        TestPair pair = pair(15, 17);
        StillLane lane = new StillLane(Direction.FORWARD);
        Verification verification =
                pair.verifier().verify(Direction.FORWARD, lane, Set.of(TableName.parse("first")), TestPair.deadline());
        assertThat(verification.tables()).hasSize(1);
        assertThat(verification.rows()).isEqualTo(100);
        assertThat(lane.forgotten).hasValue(0);
    }

    @Test
    void refusesATableThatIsNotMapped() throws Exception {
        TestPair pair = pair(15, 17);
        FaultException failure = catchThrowableOfType(
                FaultException.class,
                () -> pair.verifier()
                        .verify(
                                Direction.FORWARD,
                                new StillLane(Direction.FORWARD),
                                Set.of(TableName.parse("first"), TableName.parse("third")),
                                TestPair.deadline()));
        assertThat(failure.code()).isEqualTo(FaultCode.USAGE);
        assertThat(failure).hasMessageContaining("public.third").hasMessageNotContaining("public.first");
    }

    @Test
    void whatIsCommittedOnTheSourceBeforeThePointIsExpectedOnTheTarget() throws Exception {
        TestPair pair = pair(15, 17);
        try (Connection writer = pair.connectBlue()) {
            StillLane lane = new Intruded(writer, "insert into first values (101, 'new')");
            Verification verification = pair.verify(lane);
            assertThat(verification.differences()).singleElement().satisfies(difference -> {
                assertThat(difference.key()).isEqualTo("id=101");
                assertThat(difference.kind()).isEqualTo(Verification.Kind.MISSING);
            });
            assertThat(lane.forgotten)
                    .as("what differs is not proven to be equal")
                    .hasValue(0);
        }
    }

    /** A snapshot that a slot exports does not hold them for a moment (ADR 0070). */
    @Nested
    class TheRowsOfTheSource {
        private static final String HOLDERS = """
                select pid from pg_stat_activity
                where backend_type = 'client backend' and datname = current_database() and backend_xmin is not null
                  and state = 'idle in transaction'
                """;

        private List<Long> holders(TestPair pair) {
            return pair.blue.query(session -> session.list(HOLDERS, row -> row.number(1)));
        }

        @ParameterizedTest
        @CsvSource({"14, 18", "15, 17", "18, 18"})
        void areHeldByAnOrdinarySnapshotBeforeOneIsExported(int blue, int green) throws Exception {
            TestPair pair = pair(blue, green);
            List<Long> holders = new ArrayList<>();
            pair.failpoints(passed -> {
                if (passed == CrashPoint.VERIFY_LANE_HELD) {
                    holders.addAll(holders(pair));
                }
            });
            assertThat(pair.verify().clean()).isTrue();
            assertThat(holders).hasSize(1);
        }

        @Test
        void areNotCountedWhenWhoHeldThemHasGone() throws Exception {
            TestPair pair = pair(15, 17);
            pair.failpoints(passed -> {
                if (passed == CrashPoint.VERIFY_LANE_HELD) {
                    pair.blue.query(session -> session.one(
                            "select pg_terminate_backend(" + holders(pair).getFirst() + ")", row -> true));
                }
            });
            StillLane lane = new StillLane(Direction.FORWARD);
            FaultException failure = failure(pair, lane);
            assertThat(failure.code()).isEqualTo(FaultCode.BLUE_UNREACHABLE);
            assertThat(lane.released).hasValue(1);
            assertThat(lane.forgotten).hasValue(0);
        }
    }

    @Nested
    class WhenSomethingIsInTheWay {
        @ParameterizedTest
        @CsvSource({"14, 18", "18, 18"})
        void aLongWriterIsNamedAndCostsTheLaneNothing(int blue, int green) throws Exception {
            TestPair pair = pair(blue, green);
            StillLane lane = new StillLane(Direction.FORWARD);
            try (Connection writer = pair.connectBlue()) {
                writer.setAutoCommit(false);
                TestPair.run(writer, "set application_name = 'batch'", "update first set v = 'x' where id = 1");
                FaultException failure = failure(pair, lane);
                assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
                assertThat(failure).hasMessageContaining("pid " + pid(writer)).hasMessageContaining("batch");
                assertThat(lane.holds).hasValue(0);
                pair.awaitNothingLeft();
            }
        }

        @ParameterizedTest
        @CsvSource({"14, 18", "18, 18"})
        void aWriterThatComesWhenTheLaneIsHeldIsNamedAndTheLaneGoesOn(int blue, int green) throws Exception {
            TestPair pair = pair(blue, green);
            try (Connection writer = pair.connectBlue()) {
                writer.setAutoCommit(false);
                StillLane lane = new Intruded(writer, "update first set v = 'x' where id = 1");
                FaultException failure = failure(pair, lane);
                assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
                assertThat(failure).hasMessageContaining("pid " + pid(writer));
                assertThat(lane.holds).hasValue(1);
                assertThat(lane.released).hasValue(1);
                assertThat(lane.forgotten).hasValue(0);
                pair.awaitNothingLeft();
            }
        }

        @Test
        void isTriedAgainAndSucceedsWhenTheWriterHasGone() throws Exception {
            TestPair pair = pair(15, 17);
            Backoff twice = new Backoff(Duration.ZERO, Duration.ZERO, 2);
            pair.limits(new VerifyLimits(1, Duration.ofMillis(300), Duration.ofMillis(300), twice, HashTier.RECORD));
            try (Connection writer = pair.connectBlue()) {
                writer.setAutoCommit(false);
                StillLane lane = new Intruded(writer, "update first set v = 'x' where id = 1");
                assertThat(pair.verify(lane).clean()).isTrue();
                assertThat(lane.holds).hasValue(2);
                assertThat(lane.released).hasValue(2);
                assertThat(lane.forgotten).hasValue(1);
            }
        }

        @Test
        void aPreparedTransactionIsNamedAsSuch() throws Exception {
            TestPair pair = pair(15, 17);
            try (Connection writer = pair.connectBlue()) {
                TestPair.run(writer, "begin", "insert into first values (200, 'x')", "prepare transaction 'verify'");
                FaultException failure = failure(pair, new StillLane(Direction.FORWARD));
                TestPair.run(writer, "rollback prepared 'verify'");
                assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
                assertThat(failure).hasMessageContaining("a prepared transaction");
            }
        }

        @Test
        void anExclusiveLockOnTheSourceIsNamedAndCostsTheLaneNothing() throws Exception {
            TestPair pair = pair(15, 17);
            StillLane lane = new StillLane(Direction.FORWARD);
            PostgresVerifier verifier = pair.verifier();
            try (Connection other = pair.connectBlue()) {
                other.setAutoCommit(false);
                TestPair.run(other, "lock table second in access exclusive mode");
                FaultException failure = failure(verifier, lane);
                assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
                assertThat(failure).hasMessageContaining("pid " + pid(other));
                assertThat(lane.holds).hasValue(0);
            }
        }

        @Test
        void anExclusiveLockOnTheTargetIsNamedAndTheLaneGoesOn() throws Exception {
            TestPair pair = pair(15, 17);
            StillLane lane = new StillLane(Direction.FORWARD);
            PostgresVerifier verifier = pair.verifier();
            try (Connection other = pair.connectGreen()) {
                other.setAutoCommit(false);
                TestPair.run(other, "lock table second in access exclusive mode");
                FaultException failure = failure(verifier, lane);
                assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
                assertThat(failure).hasMessageContaining("pid " + pid(other));
                assertThat(lane.released).hasValue(1);
                assertThat(lane.forgotten).hasValue(0);
            }
        }

        @Test
        void aFailureAtACrashPointReleasesTheLane() throws Exception {
            TestPair pair = pair(15, 17);
            for (CrashPoint point : List.of(CrashPoint.VERIFY_LANE_HELD, CrashPoint.VERIFY_BEFORE_RESULT)) {
                StillLane lane = new StillLane(Direction.FORWARD);
                pair.failpoints(passed -> {
                    if (passed == point) {
                        throw new IllegalStateException("died at " + point);
                    }
                });
                assertThat(catchThrowableOfType(IllegalStateException.class, () -> pair.verify(lane)))
                        .hasMessage("died at " + point);
                assertThat(lane.released).hasValue(1);
                assertThat(lane.forgotten)
                        .as("an older certificate needs the rows touched since it")
                        .hasValue(0);
                pair.awaitNothingLeft();
            }
        }
    }

    @Nested
    class WhenATableIsTruncatedMeanwhile {
        /** Truncates a table on blue when its comparison starts and waits until that is stuck. */
        private Thread truncate(TestPair pair, Connection connection, String table) throws Exception {
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    TestPair.run(connection, "truncate " + table);
                } catch (SQLException failure) {
                    throw new AssertionError(failure);
                }
            });
            Await.until("the truncate waits", TestPair.PATIENCE, () -> waiting(pair) == 1);
            return thread;
        }

        private long waiting(TestPair pair) {
            return pair.blue.query(session -> session.one(
                    "select count(*) from pg_locks where not granted and mode = 'AccessExclusiveLock'",
                    row -> row.number(1)));
        }

        @ParameterizedTest
        @CsvSource({"14, 18", "18, 18"})
        void itWaitsForItsTableOnlyAndMakesNoDifference(int blue, int green) throws Exception {
            TestPair pair = pair(blue, green);
            List<Thread> truncates = new ArrayList<>();
            try (Connection other = pair.connectBlue()) {
                pair.limits(new VerifyLimits(
                        1,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        TestPair.IMPATIENT.attempts(),
                        HashTier.RECORD));
                pair.progress(new VerifyProgress() {
                    @Override
                    public void started(List<TableName> sources, TableName target) {
                        try {
                            if (target.name().equals("first")) {
                                truncates.add(truncate(pair, other, "first"));
                            } else {
                                // The table is passed, so the truncate goes on while the verification does, too.
                                truncates.getFirst().join();
                            }
                        } catch (Exception failure) {
                            throw new AssertionError(failure);
                        }
                    }

                    @Override
                    public void finished(Verification.TableResult result) {
                        assertThat(result.equal()).isTrue();
                    }
                });
                Verification verification = pair.verify();
                assertThat(verification.clean()).isTrue();
                assertThat(verification.rows()).isEqualTo(20_100);
                assertThat(truncates).hasSize(1);
            }
        }
    }
}
