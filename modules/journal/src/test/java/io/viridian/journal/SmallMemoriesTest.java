package io.viridian.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.control.MigrationEvent;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.Kind;
import io.viridian.proof.Verification.RowDifference;
import io.viridian.proof.Verification.TableResult;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pinned plan, the events, the lease and the results of verifications. */
@Timeout(60)
final class SmallMemoriesTest {
    private Database database;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestDatabase.create();
        ControlSchema.install(database, ControlSchema.Role.JOURNAL);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Nested
    final class ThePinnedPlan {
        @Test
        void staysWhatItWasAtTheBeginning() {
            assertThat(PinnedPlan.find(database, "shop")).isEmpty();
            PinnedPlan.pin(database, "shop", new PinnedPlan("a1", "targets: {}"));
            PinnedPlan.pin(database, "shop", new PinnedPlan("a1", "targets: {}  # a comment more"));
            assertThat(PinnedPlan.find(database, "shop")).contains(new PinnedPlan("a1", "targets: {}"));
        }

        @Test
        void refusesAnotherOneWithBothHashes() {
            PinnedPlan.pin(database, "shop", new PinnedPlan("a1", ""));
            assertThatThrownBy(() -> PinnedPlan.pin(database, "shop", new PinnedPlan("b2", "")))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FaultCode.PLAN_CHANGED))
                    .hasMessageContaining("begun with plan a1")
                    .hasMessageContaining("now give plan b2");
        }

        @Test
        void isAbsentWhereNothingOfOursIsInstalled() throws SQLException {
            try (Database bare = TestDatabase.create()) {
                assertThat(PinnedPlan.find(bare, "shop")).isEmpty();
            }
        }
    }

    @Nested
    final class Events {
        @Test
        void areNumberedWithoutGapsEvenWhenManyWriteAtOnce() throws Exception {
            EventLog log = new EventLog(database, "shop");
            List<Callable<MigrationEvent>> writers = new ArrayList<>();
            for (int writer = 0; writer < 20; writer++) {
                writers.add(() -> log.append("state.changed", "ready"));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<MigrationEvent> written : threads.invokeAll(writers)) {
                    written.get();
                }
            }
            assertThat(log.since(0, 100))
                    .extracting(MigrationEvent::number)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 20).boxed().toList());
        }

        @Test
        void areToldFromWhereTheReaderStopped() {
            EventLog log = new EventLog(database, "shop");
            log.append("state.changed", "PREPARING");
            MigrationEvent second = log.append("state.changed", "BACKFILLING");
            MigrationEvent third = log.append("operation.finished", "cutover SUCCEEDED");
            new EventLog(database, "billing").append("state.changed", "PREPARING");
            assertThat(log.since(1, 10)).containsExactly(second, third);
            assertThat(log.since(1, 1)).containsExactly(second);
            assertThat(log.since(3, 10)).isEmpty();
        }

        @Test
        void oneThatIsWrittenDownLaterKeepsItsMomentAndGetsTheNextNumber() {
            EventLog log = new EventLog(database, "shop");
            log.append("state.changed", "PREPARING");
            Instant noon = Instant.parse("2026-11-20T12:00:00Z");
            assertThat(log.append(new MigrationEvent(1, noon, "paused", "by ada")))
                    .isEqualTo(new MigrationEvent(2, noon, "paused", "by ada"));
        }

        @Test
        void theNewestAreToldOldestFirst() {
            EventLog log = new EventLog(database, "shop");
            log.append("state.changed", "PREPARING");
            MigrationEvent second = log.append("state.changed", "BACKFILLING");
            MigrationEvent third = log.append("operation.finished", "cutover SUCCEEDED");
            new EventLog(database, "billing").append("state.changed", "PREPARING");
            assertThat(log.newest(2)).containsExactly(second, third);
        }
    }

    @Nested
    final class TheLease {
        @Test
        void givesEveryHolderAHigherEpoch() {
            Lease first = Lease.take(database, "shop", "one");
            Lease second = Lease.take(database, "shop", "other");
            assertThat(first.epoch()).isEqualTo(1);
            assertThat(second.epoch()).isEqualTo(2);
            assertThat(database.<Boolean>query(first::stillHeld)).isFalse();
            assertThat(database.<Boolean>query(second::stillHeld)).isTrue();
            assertThat(database.<Optional<Lease>>query(session -> Lease.current(session, "shop")))
                    .contains(second);
        }

        @Test
        void isAboveWhatTheServersHaveSeenWhereverThatWasGiven() {
            Lease.take(database, "shop", "one");
            assertThat(Lease.take(database, "shop", "two", 7).epoch()).isEqualTo(8);
            assertThat(Lease.take(database, "shop", "three", 5).epoch()).isEqualTo(9);
        }

        @Test
        void isNeverGivenTwiceUnderOneEpoch() throws Exception {
            List<Callable<Long>> daemons = new ArrayList<>();
            for (int daemon = 0; daemon < 16; daemon++) {
                String name = "daemon " + daemon;
                daemons.add(() -> {
                    try {
                        return Lease.take(database, "shop", name).epoch();
                    } catch (FaultException lost) {
                        assertThat(lost.code()).isEqualTo(FaultCode.HELD_BY_ANOTHER);
                        return 0L;
                    }
                });
            }
            List<Long> epochs = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Long> epoch : threads.invokeAll(daemons)) {
                    epochs.add(epoch.get());
                }
            }
            epochs.removeIf(epoch -> epoch == 0);
            assertThat(epochs).isNotEmpty().doesNotHaveDuplicates();
        }
    }

    @Nested
    final class Verifications {
        @Test
        void giveBackTheLastResultWithAllItsData() {
            VerificationLog log = new VerificationLog(database, "shop");
            assertThat(log.last()).isEmpty();
            log.save(new Verification(
                    Instant.parse("2026-11-20T12:00:00Z"), Duration.ofSeconds(9), Duration.ZERO, List.of()));
            TableName items = new TableName("public", "items");
            TableName product = new TableName("catalog", "Product \"new\"");
            Verification mismatch = new Verification(
                    Instant.parse("2026-11-20T12:10:00.5Z"),
                    Duration.ofMillis(8_421),
                    Duration.ofMillis(12),
                    List.of(new TableResult(
                            items,
                            product,
                            1_000,
                            999,
                            false,
                            2,
                            List.of(
                                    new RowDifference(product, "id=5", Kind.MISSING, List.of()),
                                    new RowDifference(
                                            product,
                                            "id=7",
                                            Kind.DIFFERENT,
                                            List.of(new ColumnDifference("name", "ärger", "arger")))))));
            log.save(mismatch);
            assertThat(log.last()).contains(mismatch);
            assertThat(mismatch.clean()).isFalse();
        }
    }
}
