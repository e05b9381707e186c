package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.control.MigrationEvent;
import io.viridian.cutover.traffic.FileSwitcher;
import io.viridian.cutover.traffic.Traffic;
import io.viridian.plan.Side;
import io.viridian.time.Backoff;
import io.viridian.time.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteKeeperTest {
    private final SettableClock clock = new SettableClock();
    private final Happenings happenings = new Happenings(clock);
    private Path file = Path.of("route");
    private RouteKeeper keeper = keeper();

    private RouteKeeper keeper() {
        FileSwitcher switcher = new FileSwitcher(file, "{{side}}", List.of(), Duration.ofSeconds(1), Side::text);
        Backoff once = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), 1);
        return new RouteKeeper(new Traffic(List.of(switcher), List.of(), once), happenings, clock);
    }

    @BeforeEach
    void routed(@TempDir Path directory) throws Exception {
        file = directory.resolve("route");
        Files.writeString(file, "green");
        keeper = keeper();
    }

    @Test
    void whatLeadsToTheOwnerIsLeftAlone() throws Exception {
        keeper.look(Side.GREEN);
        assertThat(happenings.since(0, 10)).isEmpty();
    }

    @Test
    void aRouteThatWasLedElsewhereIsCorrectedAndTold() throws Exception {
        Files.writeString(file, "blue");
        keeper.look(Side.GREEN);
        assertThat(file).hasContent("green");
        assertThat(happenings.since(0, 10))
                .extracting(MigrationEvent::type)
                .containsExactly("traffic.astray", "traffic.corrected");
    }

    @Test
    void nobodyIsAskedMoreOftenThanEveryFifteenSeconds() throws Exception {
        keeper.look(Side.GREEN);
        Files.writeString(file, "blue");
        clock.pass(Duration.ofSeconds(14));
        keeper.look(Side.GREEN);
        assertThat(file).hasContent("blue");
        clock.pass(Duration.ofSeconds(1));
        keeper.look(Side.GREEN);
        assertThat(file).hasContent("green");
    }
}
