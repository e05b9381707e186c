package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.control.MigrationEvent;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a migration may cost blue, which serves the applications. */
class BlueKeptTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String SLOTS = "select count(*) from pg_replication_slots where database = current_database()";

    /** Some ten MiB of log. */
    private static final String TEN_MEBIBYTES =
            "insert into noise select repeat('x', 1900) from generate_series(1, 5000) n";

    /** So many chunks that an unbraked load is through them before anybody has looked twice. */
    private static final String CHUNKS = """
            insert into note select n, repeat('y', 100) from generate_series(2, 20000) n;
            analyze note
            """;

    private static final String LIMITS = "protect-blue: { max-slot-wal: 16MiB, give-up-slot-wal: 48MiB }\n";

    private static final String SMALL_CHUNKS = "backfill: { workers: 1, whole-table-up-to: 0B, chunk-bytes: 8KiB }\n";

    @TempDir
    Path directory;

    private static Optional<String> told(DaemonHere daemon, String event) {
        return daemon.control().events(0, 1000).stream()
                .filter(one -> one.type().equals(event))
                .map(MigrationEvent::text)
                .findFirst();
    }

    private static List<String> flags(DaemonHere daemon) {
        return daemon.control().view().flags();
    }

    /** The log of what nobody maps keeps the slot from blue's disk all the same. */
    private static Rig rig(ServerPair pair, Path directory, String limits) throws Exception {
        Rig rig = new Rig(pair, directory).configure("""
                        schema:
                          from: blue
                        tables: { exclude: ["public.noise"] }
                        """ + limits);
        rig.execute(Side.BLUE, "create table note (id int primary key, text text)");
        rig.execute(Side.BLUE, "create table noise (text text)");
        rig.execute(Side.BLUE, "insert into note values (1, 'a')");
        return rig;
    }

    private static void write(Rig rig, int times) throws Exception {
        for (int more = 0; more < times; more++) {
            rig.execute(Side.BLUE, TEN_MEBIBYTES);
        }
    }

    private static void awaitNoSlot(Rig rig) throws InterruptedException {
        Await.until(
                "the slot is gone", PATIENCE, () -> rig.ask(Side.BLUE, SLOTS).equals("0"));
    }

    private static void awaitHalt(DaemonHere daemon) throws InterruptedException {
        Await.until(
                "it is halted, and says that the slot was given up",
                PATIENCE,
                () -> daemon.state() == StateName.HALTED && daemon.fault().contains("code=SLOT_GIVEN_UP"));
    }

    @Test
    void theSlotIsGivenUpRatherThanBluesDiskFilledWhileGreenIsDown() throws Exception {
        try (ServerPair pair = ServerPair.start(15, 17)) {
            Rig rig = rig(pair, directory, LIMITS);
            List<ServerSnapshot> before = rig.snapshots();
            try (DaemonHere daemon = new DaemonHere(rig)) {
                Driver driver = new Driver(daemon);
                driver.reach(StateName.READY);
                pair.green().stopImmediately();
                write(rig, 2);
                Await.until(
                        "it is told that blue fills",
                        PATIENCE,
                        () -> told(daemon, "slot.filling").isPresent());
                assertThat(rig.ask(Side.BLUE, SLOTS)).isEqualTo("1");
                assertThat(daemon.state()).isEqualTo(StateName.READY);
                write(rig, 4);
                awaitNoSlot(rig);
                awaitHalt(daemon);
                assertThat(told(daemon, "slot.given-up").orElseThrow())
                        .contains("protect-blue.give-up-slot-wal (48MiB)", "what is committed on blue from ");
                rig.execute(Side.BLUE, "insert into note values (0, 'blue lives')");
                pair.green().start();
                isNeverFollowedAgain(rig, daemon);
                driver.carryOut(Operation.Type.ABORT);
                assertThat(daemon.state()).isEqualTo(StateName.ABORTED);
                daemon.stop();
                rig.assertNothingLeft(before);
            }
        }
    }

    /** Neither by who resumes nor by who starts anew: what was not kept is missing on green. */
    private static void isNeverFollowedAgain(Rig rig, DaemonHere daemon) throws Exception {
        Driver driver = new Driver(daemon);
        driver.carryOut(Operation.Type.RESUME);
        awaitHalt(daemon);
        daemon.stop();
        daemon.start();
        awaitHalt(daemon);
        assertThat(rig.ask(Side.BLUE, SLOTS)).isEqualTo("0");
        assertThat(rig.ask(Side.GREEN, "select count(*) from note where id = 0"))
                .isEqualTo("0");
    }

    /** Nobody can lead then; blue serves the applications. */
    @Test
    void theSlotIsGivenUpByADaemonThatCannotStartBecauseGreenIsDown() throws Exception {
        try (ServerPair pair = ServerPair.start(15, 17)) {
            Rig rig = rig(pair, directory, LIMITS);
            try (DaemonHere daemon = new DaemonHere(rig)) {
                new Driver(daemon).reach(StateName.READY);
                daemon.stop();
                pair.green().stopImmediately();
                write(rig, 6);
                try (DaemonProcess without = new DaemonProcess(rig)) {
                    without.launch();
                    awaitNoSlot(rig);
                    pair.green().start();
                    without.awaitLead();
                    Await.until("it halts", PATIENCE, () -> without.panel().state() == StateName.HALTED);
                    assertThat(without.panel().fault()).contains("SLOT_GIVEN_UP");
                    assertThat(without.said()).contains("Our slot on blue is given up");
                    without.stop();
                }
            }
        }
    }

    /** A weekend in HALTED: nothing runs, nobody looks, and blue goes on keeping its log for us. */
    @Test
    void theSlotIsGivenUpWhileTheMigrationIsHaltedForAnotherReason() throws Exception {
        Rig rig = rig(ServerPair.shared(15, 17), directory, LIMITS);
        try (DaemonHere daemon = new DaemonHere(rig)) {
            new Driver(daemon).reach(StateName.READY);
            rig.execute(Side.GREEN, "alter table note add check (text <> 'bad')");
            rig.execute(Side.BLUE, "insert into note values (2, 'bad')");
            Await.until("it is halted", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("code=ROW_REFUSED");
            daemon.stop();
            daemon.start();
            write(rig, 6);
            awaitNoSlot(rig);
            awaitHalt(daemon);
            new Driver(daemon).carryOut(Operation.Type.ABORT);
            assertThat(daemon.state()).isEqualTo(StateName.ABORTED);
        }
    }

    /** Lets a load come as far as its third chunk, and waits there; counts the chunks that are begun. */
    private static final class Gate implements Failpoints {
        private final CountDownLatch open = new CountDownLatch(1);
        private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger merged = new AtomicInteger();

        @Override
        public void pass(CrashPoint point) {
            if (point == CrashPoint.BACKFILL_CHUNK_PLANNED) {
                begun.incrementAndGet();
            }
            if (point == CrashPoint.BACKFILL_AFTER_MERGE_COMMIT && merged.incrementAndGet() == 3) {
                reached.complete(true);
                try {
                    assertThat(open.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static void restWithABrakeOn(DaemonHere daemon, Gate gate, Rig rig) throws Exception {
        Await.until(
                "it is told that the load is held back",
                PATIENCE,
                () -> told(daemon, "backfill.held-back").isPresent());
        assertThat(flags(daemon)).contains("throttled(slot-wal)");
        int begun = gate.begun.get();
        gate.open.countDown();
        long kept = retained(daemon);
        write(rig, 1);
        Await.until("it was looked at again", PATIENCE, () -> retained(daemon) > kept + (5 << 20));
        assertThat(gate.begun.get()).isEqualTo(begun);
        assertThat(flags(daemon)).contains("throttled(slot-wal)");
    }

    /** The next look sees that the load is over. */
    private static void awaitFree(DaemonHere daemon) throws InterruptedException {
        Await.until(
                "nothing is throttled",
                PATIENCE,
                () -> flags(daemon).stream().noneMatch(flag -> flag.startsWith("throttled")));
    }

    private static long retained(DaemonHere daemon) {
        return daemon.daemon().slot(Side.BLUE).orElseThrow().retainedBytes();
    }

    @Test
    void theLoadRestsWhileTheSlotKeepsMuchAndGoesOnByItself() throws Exception {
        Rig rig = rig(
                ServerPair.shared(15, 17),
                directory,
                "protect-blue: { max-slot-wal: 16MiB, give-up-slot-wal: 1GiB }\n" + SMALL_CHUNKS);
        rig.execute(Side.BLUE, CHUNKS);
        Gate gate = new Gate();
        try (DaemonHere daemon = new DaemonHere(rig);
                Connection writer = rig.connect(Side.BLUE);
                Statement statement = writer.createStatement()) {
            daemon.start(gate);
            gate.reached.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            // A transaction that does not end keeps the slot where it is, and the stream cannot do anything about it.
            writer.setAutoCommit(false);
            statement.execute("update note set text = 'open' where id = 1");
            write(rig, 3);
            restWithABrakeOn(daemon, gate, rig);
            writer.commit();
            rig.execute(Side.BLUE, "checkpoint");
            new Driver(daemon).reach(StateName.READY);
            assertThat(told(daemon, "backfill.goes-on")).isPresent();
            awaitFree(daemon);
            new Driver(daemon).abort();
        }
    }

    @Test
    void theLoadIsSlowWhileBlueIsBusyAndThatIsTold() throws Exception {
        Rig rig = rig(
                ServerPair.shared(15, 17),
                directory,
                "protect-blue: { max-load: { active-sessions: 1 } }\n" + SMALL_CHUNKS);
        rig.execute(Side.BLUE, CHUNKS);
        Gate gate = new Gate();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            daemon.start(gate);
            gate.reached.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            try (Busy one = Busy.on(rig);
                    Busy other = Busy.on(rig)) {
                Await.until("it is told", PATIENCE, () -> flags(daemon).contains("throttled(active-sessions)"));
                assertThat(told(daemon, "backfill.held-back").orElseThrow())
                        .contains("protect-blue.max-load.active-sessions (1)");
                gate.open.countDown();
                int begun = gate.begun.get();
                Await.until("it goes on, slowly", PATIENCE, () -> gate.begun.get() > begun);
                assertThat(List.of(one, other)).noneMatch(Busy::over);
            }
            new Driver(daemon).reach(StateName.READY);
            awaitFree(daemon);
            new Driver(daemon).abort();
        }
    }

    /** A session of the application that has blue work. */
    private record Busy(Rig rig, String pid, CompletableFuture<?> work) implements AutoCloseable {
        static Busy on(Rig rig) throws Exception {
            Connection connection = rig.connect(Side.BLUE);
            String pid;
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
                row.next();
                pid = row.getString(1);
            }
            return new Busy(
                    rig,
                    pid,
                    CompletableFuture.runAsync(
                            () -> {
                                try (connection;
                                        Statement statement = connection.createStatement()) {
                                    statement.execute("select pg_sleep(300)");
                                } catch (SQLException ended) {
                                    throw new IllegalStateException(ended);
                                }
                            },
                            Thread::startVirtualThread));
        }

        boolean over() {
            return work.isDone();
        }

        @Override
        public void close() throws SQLException {
            rig.execute(Side.BLUE, "select pg_terminate_backend(" + pid + ")");
        }
    }
}
