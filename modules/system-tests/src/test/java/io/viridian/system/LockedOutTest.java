package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

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

/**
 * Blue lets the daemon's role in no more, as after a changed password: what is open goes on, what is new is refused.
 */
class LockedOutTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private static void awaitRows(Rig rig, String expected) throws InterruptedException {
        Await.until(
                "green holds " + expected,
                PATIENCE,
                () -> rig.ask(Side.GREEN, "select string_agg(id::text, ' ' order by id) from note")
                        .equals(expected));
    }

    @Test
    void streamsGoOnAndACutoverIsUndoneBeforeAnythingIsLocked() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        String role = "mover_" + rig.blueDatabase;
        rig.execute(Side.BLUE, "create role " + role + " superuser login");
        rig.execute(Side.BLUE, "create table note (id int primary key); insert into note values (1)");
        rig.urls(
                rig.blue.url(rig.blueDatabase).replaceFirst("//[^@]+@", "//" + role + "@"),
                rig.green.url(rig.greenDatabase));
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, "alter role " + role + " nologin");
            rig.execute(Side.BLUE, "insert into note values (2)");
            awaitRows(rig, "1 2");
            String asked = daemon.submit(Operation.Type.CUTOVER, Map.of()).id();
            Await.until("it is told", PATIENCE, () -> daemon.fault().contains("code=BLUE_REFUSED"));
            assertThat(daemon.state()).isEqualTo(StateName.CUTTING_OVER);
            rig.assertOnlyWritable(Side.BLUE, "note");
            rig.execute(Side.BLUE, "alter role " + role + " login");
            driver.reach(StateName.READY);
            assertThat(daemon.find(asked).orElseThrow().status()).isEqualTo(Operation.Status.UNDONE);
            driver.cutover();
            rig.execute(Side.GREEN, "insert into note values (3)");
            driver.finish();
            daemon.stop();
            rig.execute(Side.BLUE, "drop owned by " + role + "; drop role " + role);
        }
    }
}
