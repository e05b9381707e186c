package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.ledger.Dialect;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.traffic.PgBouncer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through a transaction pooler a switch is a moment in which answers take longer. A probe proves it. */
class PooledSwitchTest {
    @TempDir
    Path directory;

    @Test
    void nobodyIsRefusedThereAndBackAndThereAndBack() throws Exception {
        PgBouncer.require();
        Rig rig = new Rig(ServerPair.shared(15, 18), directory);
        try (PgBouncer bouncer = PgBouncer.start(directory, rig.blue, rig.blueDatabase, "")) {
            rig.configure("""
                    schema:
                      from: blue
                    cutover:
                      probe: ["postgresql://%1$s@127.0.0.1:%2$d/%4$s"]
                      traffic:
                        - pgbouncer:
                            admin-url: postgresql://%1$s@127.0.0.1:%2$d/pgbouncer
                            config-file: %3$s
                            database: %4$s
                            green: "localhost:%5$d"
                    """.formatted(
                            bouncer.user(), bouncer.port(), bouncer.file(), PgBouncer.DATABASE, rig.green.port()));
            LedgerConfig config = LedgerConfig.of(
                            directory.resolve("ledger"), through(bouncer, "blue"), through(bouncer, "green"))
                    .withOperationsPerSecond(100);
            try (Ledger ledger = Ledger.open(rig, _ -> config);
                    DaemonHere daemon = new DaemonHere(rig)) {
                Driver driver = new Driver(daemon);
                driver.reach(StateName.READY);
                assertThat(driver.carryOut(Operation.Type.REHEARSE, Map.of("times", "3"))
                                .succeeded())
                        .isTrue();
                for (int round = 0; round < 2; round++) {
                    driver.cutover();
                    assertThat(bouncer.file()).content().contains("host=localhost port=" + rig.green.port());
                    driver.rollback();
                }
                ledger.assertNobodyRefusedAtTheEndOn(Side.BLUE);
                driver.abort();
            }
        }
    }

    private static io.viridian.testkit.ledger.Side through(PgBouncer bouncer, String name) {
        return new io.viridian.testkit.ledger.Side(
                name, bouncer.jdbcUrl(), Map.of("user", bouncer.user(), "prepareThreshold", "0"), Dialect.BLUE);
    }
}
