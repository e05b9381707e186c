package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole benchmark, as {@code make bench} runs it, with volumes of which the figures mean nothing. */
@Tag("chaos")
@Timeout(540)
class BenchTest {
    private static final int ROWS = 4_000;
    private static final int TRANSACTIONS = 50;

    @TempDir
    Path directory;

    @Test
    void measuresEveryWayAndLeavesTableFileAndPage() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path file = directory.resolve("results.json");
        BenchSettings tiny = new BenchSettings(
                ROWS, TRANSACTIONS, 1, 100, Duration.ofSeconds(1), file, directory.resolve("docs"), "make bench");
        ServerPair servers = ServerPair.shared(18, 18);
        new Bench(tiny, new PrintStream(printed, true, StandardCharsets.UTF_8), Clock.system()).run(servers, Map.of());

        Results results = ResultsFile.read(Files.readString(file));
        assertThat(results.load())
                .extracting(Load::volume)
                .containsExactly("narrow", "wide", "large-values", "many-tables");
        int besidePglogical = Pglogical.installed().isPresent() ? 2 : 0;
        assertThat(results.narrow().ways()).hasSize((PgCopyDb.installed() ? 13 : 11) + besidePglogical);
        assertThat(results.load())
                .allSatisfy(load -> assertThat(load.ways())
                        .allSatisfy(series -> assertThat(series.values())
                                .singleElement()
                                .satisfies(value -> assertThat(value).isPositive())));
        assertThat(results.pauses())
                .extracting(Pauses::operation, Pauses::switches)
                .containsExactly(tuple("cutover", 1), tuple("rollback", 1));
        assertThat(results.drain())
                .hasSize(Backlog.values().length)
                .allSatisfy(drain -> assertThat(drain.ways())
                        .hasSize(drain.backlog().equals(Backlog.TPC_B.id()) ? 6 + besidePglogical : 4)
                        .allSatisfy(series -> assertThat(series.values())
                                .singleElement()
                                .satisfies(value -> assertThat(value).isPositive())));
        assertThat(results.lag())
                .hasSize(9)
                .allSatisfy(lag -> assertThat(lag.endToEnd().samples()).isPositive());
        assertThat(results.verify()).hasSize(2);
        assertThat(results.guard()).hasSize(2);
        assertThat(results.memory().heapKeptBytes())
                .isLessThanOrEqualTo(results.memory().heapPeakBytes());
        assertThat(results.lag(Way.VIRIDIAN).shown()).isNotNull();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(Tables.ratios(Goals.of(results), Before.NOTHING).text());
        assertThat(directory.resolve("docs/performance.md")).hasContent(PerformancePage.of(results));
        assertThat(directory.resolve("docs/performance/drain.svg")).isNotEmptyFile();
    }
}
