package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole of {@code scripts/bench scale}, with steps of which the figures mean nothing. */
@Tag("chaos")
@Timeout(300)
class ScaleRunTest {
    @TempDir
    Path directory;

    @Test
    void measuresEveryStepAndLeavesTablesFileAndPage() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path file = directory.resolve("scale.json");
        ScaleSettings tiny = new ScaleSettings(
                List.of(500, 5_000),
                List.of(3, 12),
                List.of(20, 60),
                List.of(1, 3),
                file,
                directory,
                "scripts/bench scale");
        try (ServerPair servers = ServerPair.start(18, 18, Calls.SETTINGS)) {
            new ScaleRun(tiny, new PrintStream(printed, true, StandardCharsets.UTF_8), Clock.system())
                    .run(servers, Calls.SETTINGS, List.of(ScalePart.DRAINS, ScalePart.TABLES));
            new ScaleRun(tiny, new PrintStream(printed, true, StandardCharsets.UTF_8), Clock.system())
                    .run(servers, Calls.SETTINGS, List.of(ScalePart.ROWS, ScalePart.LARGE));
        }

        Scale scale = ResultsFile.read(Files.readString(file), Scale.class);
        assertThat(scale.measured()).containsOnlyKeys("drains", "large", "rows", "tables");
        assertThat(scale.rows()).extracting(ScaleLoad::rows).containsExactly(500L, 5_000L);
        assertThat(scale.ranges()).extracting(ScaleLoad::rows).containsExactly(500L, 5_000L);
        assertThat(scale.tables()).extracting(ScaleLoad::rows).containsExactly(300L, 1_200L);
        assertThat(scale.tables()).extracting(ScaleLoad::chunks).containsExactly(3L, 12L);
        assertThat(scale.rows())
                .allSatisfy(load -> assertThat(load.seconds()).isPositive())
                .allSatisfy(load -> assertThat(load.verifySeconds()).isPositive())
                .allSatisfy(load -> assertThat(load.heapPeakBytes()).isPositive())
                .allSatisfy(load -> assertThat(load.load().blue()).isPositive())
                .allSatisfy(load -> assertThat(load.load().green()).isPositive());
        assertThat(scale.drains()).extracting(ScaleDrain::size).containsExactly(20, 60);
        assertThat(scale.drains())
                .allSatisfy(drain -> assertThat(drain.windows()).isPositive())
                .allSatisfy(drain -> assertThat(drain.statements().green()).isGreaterThan(drain.windows()));
        assertThat(scale.large()).extracting(ScaleDrain::size).containsExactly(1, 3);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(ScaleTables.drains(scale.drains()).text());
        assertThat(directory.resolve("scale.md")).hasContent(ScalePage.of(scale));
    }
}
