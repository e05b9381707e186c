package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.control.MigrationEvent;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happened and was asked for before a restart is told after it as it was before. */
@Timeout(300)
class ToldAfterARestartTest {
    @TempDir
    Path directory;

    private static List<Long> to(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static List<Long> events(HttpPanel panel, long since, int most) {
        return StreamSupport.stream(
                        panel.read("/events?since=%d&limit=%d".formatted(since, most))
                                .path("events")
                                .spliterator(),
                        false)
                .map(event -> event.path("number").asLong())
                .toList();
    }

    private static List<String> cutovers(JsonNode operations) {
        return StreamSupport.stream(operations.spliterator(), false)
                .filter(operation -> operation.path("type").asText().equals("cutover"))
                .map(operation ->
                        operation.path("result").path("write_pause_ms").asText())
                .toList();
    }

    @Test
    void everyEventAndTheCutoverWithItsPause() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, "create table note (id int primary key, text text)");
        try (DaemonProcess daemon = new DaemonProcess(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            List<String> before = cutovers(daemon.panel().read("/operations").path("operations"));
            assertThat(before).last().asString().isNotEmpty();
            daemon.stop();
            rig.execute(Side.BLUE, """
                    insert into viridian.event (migration, number, type, text)
                    select '%1$s', n, 'noise', 'event ' || n
                    from generate_series((select max(number) + 1 from viridian.event where migration = '%1$s'), 1500) n
                    """.formatted(rig.migration));

            daemon.start();
            driver.reach(StateName.SWITCHED);
            HttpPanel panel = daemon.panel();
            assertThat(events(panel, 1000, 1000)).startsWith(to(1001, 1500).toArray(Long[]::new));
            assertThat(events(panel, 0, 1000)).isEqualTo(to(1, 1000));
            assertThat(panel.streamed(1300, 200)).isEqualTo(to(1301, 1500));
            assertThat(panel.streamed(0, 1500)).isEqualTo(to(1, 1500));
            assertThat(cutovers(panel.read("/operations").path("operations"))).isEqualTo(before);
            assertThat(cutovers(panel.read("/certificate").path("operations"))).isEqualTo(before);
            assertThat(daemon.probe("/metrics").body())
                    .containsPattern("viridian_cutover_attempts_total\\{[^}]*succeeded[^}]*} 1[.]0");
            driver.finish();
        }
    }

    /** Its number would be that of the next one, which a reader would take for known. */
    @Test
    void anEventThatCannotBeWrittenDownIsWrittenLaterAndHidesNoOther() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 17), directory).configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, "create table note (id int primary key, text text)");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, "alter table viridian.event rename to away");
            assertThat(driver.carryOut(Operation.Type.PAUSE).succeeded()).isTrue();
            rig.execute(Side.BLUE, "alter table viridian.away rename to event");
            assertThat(driver.carryOut(Operation.Type.RESUME).succeeded()).isTrue();
            List<MigrationEvent> told = daemon.control().events(0, 1000);
            assertThat(told).extracting(MigrationEvent::number).isEqualTo(to(1, told.size()));
            assertThat(rig.ask(Side.BLUE, "select count(*) from viridian.event"))
                    .isEqualTo(String.valueOf(told.size()));
            assertThat(rig.ask(Side.BLUE, "select count(*) from viridian.event where type = 'paused'"))
                    .isEqualTo("1");
            driver.abort();
        }
    }
}
