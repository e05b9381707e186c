package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.control.MigrationControl;
import io.viridian.fault.FaultException;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the way back is kept behind a switch, and what it may cost green. */
class WayBackKeptTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String SLOTS = "select count(*) from pg_replication_slots where slot_name like '%_reverse'";

    /** Some ten MiB of log. */
    private static final String TEN_MEBIBYTES =
            "insert into note select (select max(id) from note) + n, repeat('x', 1900) from generate_series(1, 5000) n";

    @TempDir
    Path directory;

    private static boolean told(DaemonHere daemon, String event) {
        return daemon.control().events(0, 1000).stream()
                .anyMatch(one -> one.type().equals(event));
    }

    private static String words(DaemonHere daemon, String event) {
        return daemon.control().events(0, 1000).stream()
                .filter(one -> one.type().equals(event))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static Rig rig(ServerPair pair, Path directory) throws Exception {
        Rig rig = new Rig(pair, directory).configure("""
                        schema:
                          from: blue
                        protect-green: { max-slot-wal: 16MiB, give-up-slot-wal: 48MiB }
                        reverse: { keep-for: 1m }
                        """);
        rig.execute(Side.BLUE, "create table note (id int primary key, text text)");
        rig.execute(Side.BLUE, "insert into note values (1, 'a')");
        return rig;
    }

    private static void write(Rig rig, int times) throws Exception {
        for (int more = 0; more < times; more++) {
            rig.execute(Side.GREEN, TEN_MEBIBYTES);
        }
    }

    @Test
    void isClosedRatherThanGreensDiskFilledAndDoesNotComeBackWithBlue() throws Exception {
        try (ServerPair pair = ServerPair.start(15, 17)) {
            isClosedRatherThanGreensDiskFilled(pair, rig(pair, directory));
        }
    }

    private static void isClosedRatherThanGreensDiskFilled(ServerPair pair, Rig rig) throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            pair.blue().stopImmediately();
            write(rig, 2);
            Await.until("it is told that green fills", PATIENCE, () -> told(daemon, "way-back.filling"));
            assertThat(daemon.control().view().rollback()).doesNotContain("is not led to blue");
            write(rig, 4);
            Await.until("the way back is closed", PATIENCE, () -> told(daemon, "way-back.closed"));
            Await.until(
                    "the slot is gone",
                    PATIENCE,
                    () -> rig.ask(Side.GREEN, SLOTS).equals("0"));
            assertThat(words(daemon, "way-back.closed"))
                    .contains("protect-green.give-up-slot-wal (48MiB)", "what is committed on green from ");
            assertThat(daemon.control().view().rollback())
                    .startsWith("impossible(green kept ")
                    .contains("is not led to blue");
            assertThat(daemon.control().view().next())
                    .anyMatch(line -> line.startsWith("There is no way back any more"));
            rig.execute(Side.GREEN, "insert into note values (0, 'green lives')");
            pair.blue().start();
            assertThatThrownBy(() -> daemon.submit(Operation.Type.ROLLBACK, Map.of()))
                    .isInstanceOf(FaultException.class)
                    .hasMessageContaining("there is no way back");
            daemon.stop();
            daemon.start();
            driver.reach(StateName.SWITCHED);
            Await.until(
                    "the streams run",
                    PATIENCE,
                    () -> daemon.control().view().lag().seconds().isPresent());
            assertThat(daemon.control().view().rollback()).startsWith("impossible(green kept ");
            assertThat(rig.ask(Side.GREEN, SLOTS)).isEqualTo("0");
            assertThat(rig.ask(Side.BLUE, "select count(*) from note where id = 0"))
                    .isEqualTo("0");
            rig.assertOnlyWritable(Side.GREEN, "note");
            driver.finish();
        }
    }

    /** Nobody can lead then; green serves the applications. */
    @Test
    void isClosedByADaemonThatCannotStartBecauseBlueIsDown() throws Exception {
        try (ServerPair pair = ServerPair.start(15, 17)) {
            isClosedWithoutBlue(pair, rig(pair, directory));
        }
    }

    private static void isClosedWithoutBlue(ServerPair pair, Rig rig) throws Exception {
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            daemon.stop();
            pair.blue().stopImmediately();
            write(rig, 8);
            try (DaemonProcess without = new DaemonProcess(rig)) {
                without.launch();
                Await.until(
                        "the slot is gone",
                        PATIENCE,
                        () -> rig.ask(Side.GREEN, SLOTS).equals("0"));
                pair.blue().start();
                without.awaitLead();
                assertThat(without.panel().state()).isEqualTo(StateName.SWITCHED);
                assertThat(without.said()).contains("The way back is closed");
                without.stop();
            }
            daemon.start();
            driver.reach(StateName.SWITCHED);
            assertThat(daemon.control().view().rollback()).startsWith("impossible(green kept ");
            driver.finish();
        }
    }

    @Test
    void goesOnAfterKeepForUntilSomebodyEndsItAndThatIsTold() throws Exception {
        Rig rig = rig(ServerPair.shared(15, 17), directory);
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            assertThat(told(daemon, "way-back.kept")).isFalse();
            Await.until("it is told", PATIENCE, () -> told(daemon, "way-back.kept"));
            assertThat(daemon.control().view().next())
                    .anyMatch(line -> line.contains("as long as reverse.keep-for asks"));
            assertThat(daemon.state()).isEqualTo(StateName.SWITCHED);
            driver.rollback();
            rig.assertOnlyWritable(Side.BLUE, "note");
            driver.abort();
        }
    }

    /** Of whoever only wanted to tidy up. */
    @Test
    void isNotEndedWithinKeepForUnlessSomebodyMeansIt() throws Exception {
        Rig rig = rig(ServerPair.shared(15, 17), directory);
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            assertThatThrownBy(() -> daemon.control().submit(finalizing(Map.of())))
                    .isInstanceOf(FaultException.class)
                    .hasMessageContaining("reverse.keep-for");
            assertThatThrownBy(() -> daemon.control().submit(finalizing(Map.of("confirm", "another"))))
                    .hasMessageContaining("'another' is not the migration's name");
            driver.rollback();
            driver.cutover();
            assertThat(daemon.control().operations(100)).noneMatch(one -> one.type() == Operation.Type.FINALIZE);
            daemon.control().submit(finalizing(Map.of("confirm", rig.migration)));
            driver.reach(StateName.FINALIZED);
        }
    }

    private static MigrationControl.Request finalizing(Map<String, String> parameters) {
        return new MigrationControl.Request(Operation.Type.FINALIZE, parameters, "", "tester", "");
    }

    @Test
    void endsVisiblyWhenSomebodyDropsItsSlot() throws Exception {
        Rig rig = rig(ServerPair.shared(15, 17), directory);
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            daemon.stop();
            rig.execute(
                    Side.GREEN,
                    "select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()");
            daemon.start();
            driver.reach(StateName.SWITCHED);
            Await.until("it is told", PATIENCE, () -> told(daemon, "way-back.closed"));
            assertThat(daemon.control().view().rollback()).startsWith("impossible(slot ");
            driver.finish();
        }
    }
}
