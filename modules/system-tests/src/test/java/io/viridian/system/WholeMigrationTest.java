package io.viridian.system;

import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There, back and there again, under writers who keep a ledger. */
class WholeMigrationTest {
    @TempDir
    Path directory;

    @Test
    void nothingIsLostDoubledOrInventedThereAndBackAndThere() throws Exception {
        Rig rig = new Rig(ServerPair.shared(14, 18), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(300));
                DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            driver.rollback();
            driver.cutover();
            ledger.assertCleanAtTheEndOn(Side.GREEN);
            driver.finish();
        }
    }
}
