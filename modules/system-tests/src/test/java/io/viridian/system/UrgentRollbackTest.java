package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever wants to go back has no time to wait for a proof. */
class UrgentRollbackTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private static Operation.Status status(DaemonHere daemon, String operation) {
        return daemon.find(operation).orElseThrow().status();
    }

    @Test
    void doesNotWaitForAVerificationAndLosesNoProofByIt() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            rig.execute(Side.BLUE, "create table aside (id int primary key)");
            daemon.start();
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            String verify;
            String rollback;
            try (Connection other = rig.connect(Side.GREEN)) {
                other.setAutoCommit(false);
                try (Statement statement = other.createStatement()) {
                    // Neither a snapshot nor the table is to be had now.
                    statement.execute("lock table aside in access exclusive mode");
                }
                verify = daemon.submit(Operation.Type.VERIFY, Map.of()).id();
                Await.until(
                        "the verification is under way",
                        PATIENCE,
                        () -> status(daemon, verify) == Operation.Status.RUNNING);
                rollback = daemon.submit(Operation.Type.ROLLBACK, Map.of()).id();
                Await.until(
                        "the verification has given way",
                        PATIENCE,
                        () -> status(daemon, verify) == Operation.Status.CANCELLED);
                other.rollback();
            }
            assertThat(daemon.find(verify).orElseThrow().result().get("detail")).startsWith("it gave way to rollback");
            Await.until(
                    "the rollback has ended",
                    PATIENCE,
                    () -> status(daemon, rollback).isFinal());
            Panel.Asked ended = daemon.find(rollback).orElseThrow();
            assertThat(ended.result().getOrDefault("object", ""))
                    .as("a proof that was there is not what is missing: %s", ended)
                    .doesNotStartWith("verify.");
            driver.rollback();
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);
            ledger.assertCleanAtTheEndOn(Side.BLUE);
        }
    }
}
