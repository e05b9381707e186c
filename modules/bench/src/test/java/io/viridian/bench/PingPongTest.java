package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.traffic.PgBouncer;
import io.viridian.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/bench pingpong}, with so few rounds that the figures mean nothing. */
class PingPongTest {
    @TempDir
    Path directory;

    @Tag("chaos")
    @Timeout(300)
    @Test
    void switchesToAndFroAndLeavesTablesFileAndPage() throws Exception {
        PgBouncer.require();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PingPongSettings tiny =
                new PingPongSettings(2, 200, directory.resolve("pingpong.json"), directory, "scripts/bench pingpong");
        try (ServerPair servers = ServerPair.start(15, 18, Map.of())) {
            new PingPongRun(tiny, new PrintStream(printed, true, StandardCharsets.UTF_8), Clock.system()).run(servers);
        }

        PingPong measured = ResultsFile.read(Files.readString(tiny.results()), PingPong.class);
        assertThat(measured.flawless()).isTrue();
        assertThat(measured.acknowledged()).isPositive();
        assertThat(measured.pauses()).extracting(PingPong.Direction::operation).containsExactly("cutover", "rollback");
        assertThat(measured.pauses())
                .allSatisfy(
                        direction -> assertThat(direction.pauses().samples()).isEqualTo(2 * 8))
                .allSatisfy(direction -> assertThat(direction.pauses().p50()).isPositive());
        assertThat(directory.resolve("pauses.md")).hasContent(PingPongPage.of(measured));
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("round 2 of 2: rollback");
    }

    @Test
    void thePageSaysWhichGoalsAreMissed() {
        assertThat(PingPongPage.of(measured(0)))
                .contains("| command | `BENCH_RATE=100 scripts/bench pingpong` |")
                .contains("| cutover | 149 | ≤ 150 met | 501 | ≤ 500 missed | 300 | 600 | 100 | 800 | 1,990 |")
                .contains("| lost | 0 |");
    }

    @Test
    void aClientThatWasRefusedFailsTheRunOnceEverythingIsWrittenDown() throws Exception {
        PingPongSettings settings =
                new PingPongSettings(100, 100, directory.resolve("pingpong.json"), directory, "scripts/bench pingpong");
        Files.writeString(settings.results(), ResultsFile.write(measured(1)));
        PingPongRun run = new PingPongRun(
                settings, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), Clock.system());
        assertThatThrownBy(run::show).isInstanceOf(BenchFailure.class).hasMessageContaining("refused=1");
        assertThat(directory.resolve("pauses.md"))
                .content()
                .contains("| refused, to be made again by the client | 1 |");
    }

    @Test
    void fewerRoundsOverwriteNothingThatIsShown() {
        assertThat(PingPongSettings.usual(Map.of()).results()).isEqualTo(Path.of("bench/pingpong.json"));
        PingPongSettings fewer = PingPongSettings.usual(Map.of("BENCH_PINGPONG_ROUNDS", "3"));
        assertThat(fewer.results()).isEqualTo(Path.of("target/bench/pingpong.json"));
        assertThat(fewer.docs()).isEqualTo(Path.of("target/bench"));
        assertThat(fewer.command()).isEqualTo("BENCH_PINGPONG_ROUNDS=3 scripts/bench pingpong");
    }

    private static PingPong measured(long refused) {
        return new PingPong(
                "BENCH_RATE=100 scripts/bench pingpong",
                "2026-11-27",
                new Machine(2, 8L << 30, "Linux amd64", "25+36"),
                "18.6",
                100,
                2_000,
                10,
                1,
                List.of(new PingPong.Direction("cutover", 100, 1_990.0, new Percentiles(800, 149, 300, 501, 600))),
                1_000_000,
                0,
                0,
                0,
                refused,
                0,
                0);
    }
}
