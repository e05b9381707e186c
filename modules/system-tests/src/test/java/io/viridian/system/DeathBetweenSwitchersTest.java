package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon is killed when it has led some of the applications and not yet the others. */
class DeathBetweenSwitchersTest {
    private static final String DIES = """
            # Kills whoever leads the applications to $1, once.
            cd "$(dirname "$0")" || exit 1
            if [ "$VIRIDIAN_OWNER" = "$1" ] && mkdir "died-$1" 2>/dev/null; then
              cat first.env second.env >"died-$1/led"
              kill -9 "$PPID"
              sleep 10
            fi
            """;

    @TempDir
    Path directory;

    private Rig rig() throws Exception {
        Path script = Files.writeString(directory.resolve("dies.sh"), DIES);
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("""
                schema:
                  from: blue
                cutover:
                  traffic:
                    - file: { path: %1$s/first.env, template: "{{side}} " }
                    - exec: { command: [/bin/sh, %2$s, green], timeout: 20s }
                    - exec: { command: [/bin/sh, %2$s, blue], timeout: 20s }
                    - file: { path: %1$s/second.env, template: "{{side}} " }
                """.formatted(directory, script));
        rig.execute(Side.BLUE, "create table note (id int primary key); insert into note values (1)");
        return rig;
    }

    private String led(String place) throws Exception {
        return Files.readString(directory.resolve(place));
    }

    @Test
    void whoeverWasNotLedYetIsLedByTheNext() throws Exception {
        Rig rig = rig();
        Files.createDirectory(directory.resolve("died-blue"));
        try (DaemonProcess daemon = new DaemonProcess(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            assertThat(led("died-green/led")).isEqualTo("green blue ");
            assertThat(daemon.exits()).containsExactly(DaemonProcess.KILLED);
            assertThat(led("first.env") + led("second.env")).isEqualTo("green green ");
            rig.assertOnlyWritable(Side.GREEN, "note");
            Files.delete(directory.resolve("died-blue"));
            driver.rollback();
            assertThat(led("died-blue/led")).isEqualTo("blue green ");
            assertThat(daemon.exits()).containsExactly(DaemonProcess.KILLED, DaemonProcess.KILLED);
            assertThat(led("first.env") + led("second.env")).isEqualTo("blue blue ");
            rig.assertOnlyWritable(Side.BLUE, "note");
        }
    }
}
