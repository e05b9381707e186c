package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A switch among applications that read, wait for one another, and take every connection there is. */
@Timeout(60)
final class BusySourceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String THREE_TABLES = Pair.ACCOUNTS + """
            create table public.bookings (id bigint primary key, account bigint);
            create table public.clients (id bigint primary key);
            """;

    private static Pair pair() throws SQLException {
        return Pair.create(ServerPair.shared(14, 18), THREE_TABLES);
    }

    private static CompletableFuture<Boolean> switching(SwitchRig rig) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                rig.complete(Direction.FORWARD);
                done.complete(true);
            } catch (InterruptedException | RuntimeException failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private static void awaitTheFence(Pair pair, String table) throws InterruptedException {
        awaitLock(pair, table, "ShareRowExclusiveLock");
    }

    private static void awaitLock(Pair pair, String table, String mode) throws InterruptedException {
        String waiting =
                "select count(*)::text from pg_locks where not granted and mode = '%s' and relation = '%s'::regclass"
                        .formatted(mode, table);
        Await.until(
                mode + " on " + table + " is waited for",
                PATIENCE,
                () -> pair.ask(Side.BLUE, waiting).equals("1"));
    }

    @Test
    void readersPassWhileTheLocksAreWaitedForAndWhileTheyAreHeld() throws Exception {
        try (Pair pair = pair();
                Connection writing = pair.application(Side.BLUE);
                Connection reading = pair.application(Side.BLUE);
                Statement writer = writing.createStatement();
                Statement reader = reading.createStatement()) {
            String read = "set statement_timeout = '2s'; select * from public.accounts for update";
            SwitchRig rig = pair.rig();
            rig.lockTimeout = Duration.ofSeconds(10);
            rig.budget = Duration.ofSeconds(20);
            List<CrashPoint> readUnder = new ArrayList<>();
            rig.failpoints = point -> {
                if (point == CrashPoint.SWITCH_DRAINED) {
                    execute(reader, read);
                    readUnder.add(point);
                }
            };
            writing.setAutoCommit(false);
            writer.execute("insert into public.accounts values (5, 5)");
            CompletableFuture<Boolean> done = switching(rig);
            awaitTheFence(pair, "public.accounts");
            reader.execute(read);
            writing.commit();
            assertThat(done.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(readUnder).containsExactly(CrashPoint.SWITCH_DRAINED);
        }
    }

    private static void execute(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    /** Both hold what the other wants: the fence has accounts and asks for clients, the application has those. */
    @Test
    void aDeadlockWithAnApplicationIsOursToLoseAndToTryAgain() throws Exception {
        try (Pair pair = pair();
                Connection first = pair.application(Side.BLUE);
                Connection second = pair.application(Side.BLUE);
                Connection application = pair.application(Side.BLUE);
                Statement statement = application.createStatement()) {
            SwitchRig rig = pair.rig();
            rig.lockTimeout = Duration.ofSeconds(10);
            rig.budget = Duration.ofSeconds(20);
            rig.lockAttempts = 3;
            lock(first, "public.accounts");
            lock(second, "public.bookings");
            CompletableFuture<Boolean> done = switching(rig);
            awaitTheFence(pair, "public.accounts");
            statement.execute("set deadlock_timeout = '20s'");
            application.setAutoCommit(false);
            statement.execute("insert into public.clients values (1)");
            first.commit();
            awaitTheFence(pair, "public.bookings");
            CompletableFuture<Void> written =
                    CompletableFuture.runAsync(() -> execute(statement, "insert into public.accounts values (5, 5)"));
            awaitLock(pair, "public.accounts", "RowExclusiveLock");
            second.commit();
            written.get(20, TimeUnit.SECONDS);
            application.commit();
            assertThat(done.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(pair.guardOf(Side.GREEN).closed()).isFalse();
            assertThat(pair.ask(Side.BLUE, "select count(*)::text from public.accounts"))
                    .isEqualTo("1");
        }
    }

    /** As maintenance does, so that nobody is seen writing there. */
    private static void lock(Connection connection, String table) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table " + table + " in share mode");
        }
    }

    /** Applications that come and never go, until the server takes no more. */
    private static final class Crowd implements AutoCloseable {
        private final List<Connection> connections = new ArrayList<>();

        void fill(Pair pair, Side side) {
            for (boolean room = true; room; ) {
                try {
                    connections.add(pair.application(side));
                } catch (SQLException full) {
                    assertThat(full.getSQLState()).isEqualTo("53300");
                    room = false;
                }
            }
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void noConnectionIsNeededOnceTheLocksAreHeldAndWithoutOneNothingIsLocked() throws Exception {
        try (ServerPair servers = ServerPair.start(
                        15, 17, Map.of("max_connections", "20", "superuser_reserved_connections", "0"));
                Pair pair = Pair.create(servers, THREE_TABLES);
                Crowd crowd = new Crowd();
                Connection application = pair.application(Side.BLUE);
                Statement writer = application.createStatement()) {
            SwitchRig rig = pair.rig();
            rig.failpoints = point -> {
                if (point == CrashPoint.SWITCH_FENCE_LOCKED) {
                    crowd.fill(pair, Side.BLUE);
                    crowd.fill(pair, Side.GREEN);
                }
            };
            rig.complete(Direction.FORWARD);
            assertThat(pair.guardOf(Side.GREEN).closed()).isFalse();
            crowd.fill(pair, Side.GREEN);
            SwitchRig back = pair.rig();
            assertThatThrownBy(() -> back.switchover()
                            .perform(Direction.REVERSE, SwitchStep.FENCE, back.attempt(Direction.REVERSE)))
                    .isInstanceOfSatisfying(FaultException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(FaultCode.GREEN_UNREACHABLE);
                        assertThat(refused.fault().sqlState()).isEqualTo("53300");
                    });
            assertThat(pair.ask(
                            Side.GREEN,
                            "select count(*)::text from pg_locks where mode = 'ShareRowExclusiveLock' and granted"))
                    .isEqualTo("0");
            assertThatThrownBy(() -> writer.execute("insert into public.accounts values (6, 6)"))
                    .hasMessageContaining("blue is closed for writes");
        }
    }
}
