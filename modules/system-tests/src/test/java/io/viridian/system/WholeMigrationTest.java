package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.ledger.LedgerReport;
import io.viridian.testkit.ledger.LedgerWorkload;
import io.viridian.testkit.ledger.Side;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There, back and there again, under writers who keep a ledger. */
class WholeMigrationTest {
    @TempDir
    Path directory;

    @Test
    void nothingIsLostDoubledOrInventedThereAndBackAndThere() throws Exception {
        ServerPair pair = ServerPair.shared(14, 18);
        try (Rig rig = new Rig(pair, directory, "schema:\n  from: blue\n")) {
            LedgerConfig config = LedgerConfig.of(
                            directory.resolve("ledger"),
                            Side.of("blue", rig.blue, rig.blueDatabase),
                            Side.of("green", rig.green, rig.greenDatabase))
                    .withOperationsPerSecond(600);
            try (Connection blue = rig.blue.connect(rig.blueDatabase)) {
                LedgerWorkload.install(blue, config);
            }
            try (LedgerWorkload workload = LedgerWorkload.start(config)) {
                rig.start();
                rig.awaitState(StateName.READY);
                assertThat(rig.run(Operation.Type.REHEARSE).status()).isEqualTo(Operation.Status.SUCCEEDED);
                Operation there = rig.run(Operation.Type.CUTOVER);
                assertThat(there.status()).as(there.toString()).isEqualTo(Operation.Status.SUCCEEDED);
                rig.awaitState(StateName.SWITCHED);
                Operation back = rig.run(Operation.Type.ROLLBACK);
                assertThat(back.status()).as(back.toString()).isEqualTo(Operation.Status.SUCCEEDED);
                rig.awaitState(StateName.ROLLED_BACK);
                Operation again = rig.run(Operation.Type.CUTOVER);
                assertThat(again.status()).as(again.toString()).isEqualTo(Operation.Status.SUCCEEDED);
                rig.awaitState(StateName.SWITCHED);
                workload.stop();
                try (Connection green = rig.green.connect(rig.greenDatabase)) {
                    LedgerReport report = workload.check().check(green);
                    assertThat(report.clean()).as(report.toString()).isTrue();
                    assertThat(report.acknowledged()).isPositive();
                }
                rig.run(Operation.Type.FINALIZE);
                rig.awaitState(StateName.FINALIZED);
            }
        }
    }
}
