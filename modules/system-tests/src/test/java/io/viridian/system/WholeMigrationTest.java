package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.ledger.Dialect;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.ledger.LedgerWorkload;
import io.viridian.testkit.server.ServerPair;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There, back and there again, between all kinds of servers, under writers who keep a ledger. */
class WholeMigrationTest {
    @TempDir
    Path directory;

    /**
     * Only pg_dump 15 can be counted on, so newer blues bring green's schema in another way. From 15 to 17 goes the
     * daemon that dies everywhere, in a test of its own.
     */
    @Test
    void nothingIsLostDoubledOrInventedThereAndBackAndThere() throws Exception {
        Rig rig = new Rig(ServerPair.shared(14, 18), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60))) {
            thereAndBackAndThere(rig, ledger);
        }
    }

    /** Each goes on where the other has confirmed. */
    @Test
    void theEnginesTakeTurnsWithoutLosingTheirPlace() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure(readBy("debezium"));
        List<ServerSnapshot> before = rig.snapshots();
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            for (String engine : List.of("pgoutput", "debezium", "pgoutput")) {
                restart(daemon, rig, engine);
                driver.reach(StateName.READY);
            }
            restart(daemon, rig, "debezium");
            driver.cutover();
            ledger.assertCleanOn(Side.GREEN);
            driver.rollback();
            ledger.assertCleanOn(Side.BLUE);
            restart(daemon, rig, "pgoutput");
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            driver.finish();
        }
        rig.assertNothingLeft(before);
    }

    private static String readBy(String engine) {
        return "schema:\n  from: blue\ncapture:\n  engine: " + engine + "\n";
    }

    private static void restart(DaemonHere daemon, Rig rig, String engine) throws InterruptedException {
        daemon.stop();
        rig.configure(readBy(engine));
        daemon.start();
    }

    @Test
    void greenMayBeReadyAsItIs() throws Exception {
        Rig rig = new Rig(ServerPair.shared(16, 18), directory).configure("schema:\n  from: none\n");
        try (Connection green = rig.connect(Side.GREEN)) {
            LedgerWorkload.install(green, Ledger.config(rig));
        }
        rig.execute(
                Side.GREEN,
                "truncate bank.accounts, bank.counters, bank.slots, bank.visits, bank.documents, bank.badges, bank.entries");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60))) {
            thereAndBackAndThere(rig, ledger);
        }
    }

    @Test
    void anotherSchemaIsAnotherWayToSayTheSame() throws Exception {
        Rig rig = new Rig(ServerPair.shared(18, 18), directory)
                .configure("schema:\n  from: changelog\n  changelog: green.sql\nmapping: mapping.yaml\n");
        copy("green.sql");
        copy("mapping.yaml");
        Dialect transformed = new TransformedBank();
        LedgerConfig config = LedgerConfig.of(
                        directory.resolve("ledger"),
                        io.viridian.testkit.ledger.Side.of("blue", rig.blue, rig.blueDatabase),
                        io.viridian.testkit.ledger.Side.of("green", rig.green, rig.greenDatabase)
                                .with(transformed))
                .withOperationsPerSecond(100);
        try (Ledger ledger = Ledger.open(rig, _ -> config)) {
            thereAndBackAndThere(rig, ledger);
        }
    }

    private void copy(String name) {
        try (InputStream content = Objects.requireNonNull(
                WholeMigrationTest.class.getResourceAsStream("/transformed/" + name), "/transformed/" + name)) {
            Files.copy(content, directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void thereAndBackAndThere(Rig rig, Ledger ledger) throws Exception {
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertThat(driver.carryOut(Operation.Type.REHEARSE).succeeded()).isTrue();
            driver.cutover();
            rig.assertOnlyWritable(Side.GREEN, ledger.tableOn(Side.GREEN), ledger.tableOn(Side.BLUE));
            ledger.assertCleanOn(Side.GREEN);
            driver.rollback();
            rig.assertOnlyWritable(Side.BLUE, ledger.tableOn(Side.BLUE), ledger.tableOn(Side.GREEN));
            ledger.assertCleanOn(Side.BLUE);
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            String plan = daemon.control().view().planHash();
            driver.finish();
            assertThat(daemon.control().report().view().planHash())
                    .as("the certificate names the plan")
                    .isEqualTo(plan)
                    .isNotEmpty();
            assertThat(daemon.control().report().lastVerification())
                    .as("and its proof")
                    .isPresent();
        }
        rig.assertNothingLeft(before);
    }
}
