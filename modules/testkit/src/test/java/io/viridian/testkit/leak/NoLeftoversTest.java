package io.viridian.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.viridian.testkit.Await;
import io.viridian.testkit.Sql;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

@Timeout(60)
final class NoLeftoversTest {

    private static final PostgresServer SERVER = SharedServers.blue(18);
    private static final List<Connection> FORGOTTEN = new ArrayList<>();
    private static CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void cleanUp() throws SQLException {
        for (Connection connection : FORGOTTEN) {
            connection.close();
        }
        FORGOTTEN.clear();
        release.countDown();
        release = new CountDownLatch(1);
        SERVER.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'left'");
    }

    @Test
    void aTestThatCleansUpPasses() {
        assertThat(failureOf("cleansUp")).isEmpty();
    }

    @Test
    void aConnectionThatEndsByItselfWithinAMomentIsForgiven() {
        assertThat(failureOf(LateSubject.class, "closesLate")).isEmpty();
    }

    @Test
    void aConnectionLeftOpenFailsTheTest() {
        assertThat(failureOf("leavesAConnection")).contains("connection postgres in postgres as 'left'");
    }

    @Test
    void aLockLeftHeldFailsTheTest() {
        assertThat(failureOf("leavesALock")).contains("lock ExclusiveLock on advisory 0:99 by 'left'");
    }

    @Test
    void aSlotLeftBehindFailsTheTest() {
        assertThat(failureOf("leavesASlot")).contains("slot left (pgoutput, in postgres)");
    }

    @Test
    void aVirtualThreadOfOursLeftRunningFailsTheTest() {
        assertThat(failureOf("leavesAThread")).contains("thread viridian-left");
    }

    @Test
    void theThreadDumpNamesPlatformThreadsToo() throws Exception {
        Thread thread = Thread.ofPlatform().name("platform-probe").start(NoLeftoversTest::awaitRelease);
        Await.until(
                "the thread is seen",
                Duration.ofSeconds(10),
                () -> !JvmThreads.named("platform-probe").isEmpty());
        release.countDown();
        thread.join();
        assertThat(JvmThreads.named("platform-probe")).isEmpty();
    }

    /** What the single test of the subject failed with, or nothing. */
    private static String failureOf(String method) {
        return failureOf(Subject.class, method);
    }

    private static String failureOf(Class<?> subject, String method) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(subject, method))
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(NoLeftoversTest::failure)
                .reduce("", String::concat);
    }

    private static String failure(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .map(Throwable::getMessage)
                .orElse("no message");
    }

    private static void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link Subject}, with patience for a machine that does other things too. */
    static final class LateSubject {

        @RegisterExtension
        private final NoLeftovers extension = new NoLeftovers(Duration.ofSeconds(20));

        @Test
        void closesLate() throws SQLException {
            Connection connection = Subject.connect();
            Thread.ofVirtual().start(() -> {
                try {
                    Await.until(
                            "the extension has looked once",
                            Duration.ofSeconds(10),
                            () -> Subject.looks(connection) > 0);
                    connection.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    /** Run only from here: it is nested, static and not a test class by name. */
    static final class Subject {

        @RegisterExtension
        private final NoLeftovers extension = new NoLeftovers(Duration.ofMillis(500));

        @Test
        void cleansUp() throws SQLException {
            connect().close();
        }

        @Test
        void leavesAConnection() throws SQLException {
            FORGOTTEN.add(connect());
        }

        @Test
        void leavesALock() throws SQLException {
            Connection connection = connect();
            FORGOTTEN.add(connection);
            Sql.run(connection, "select pg_advisory_lock(99)");
        }

        @Test
        void leavesASlot() throws SQLException {
            try (Connection connection = connect()) {
                Sql.run(connection, "select pg_create_logical_replication_slot('left', 'pgoutput')");
            }
        }

        @Test
        void leavesAThread() {
            Thread.ofVirtual().name("viridian-left").start(NoLeftoversTest::awaitRelease);
        }

        private static Connection connect() throws SQLException {
            Connection connection = SERVER.connect("postgres");
            Sql.run(connection, "set application_name = 'left'");
            return connection;
        }

        /** Other sessions on the same database: the snapshot's. */
        private static long looks(Connection connection) throws SQLException {
            return Long.parseLong(Sql.ask(connection, """
                    select count(*) from pg_stat_activity
                    where datname = 'postgres' and backend_type = 'client backend' and pid <> pg_backend_pid()"""));
        }
    }
}
