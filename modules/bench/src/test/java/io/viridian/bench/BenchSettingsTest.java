package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchSettingsTest {
    @Test
    void aRunOfTheUsualSizeMakesThePageThatIsShown() {
        BenchSettings usual = BenchSettings.usual(Map.of("PATH", "/bin"));
        assertThat(usual.docs()).isEqualTo(Path.of("docs/reference"));
        assertThat(usual.results()).isEqualTo(Path.of("bench/results.json"));
        assertThat(usual.command()).isEqualTo("make bench");
    }

    @Test
    void aSmallerRunDoesNotReplaceIt() {
        for (String name : new String[] {"BENCH_ROWS", "BENCH_TRANSACTIONS", "BENCH_REPEAT", "BENCH_SECONDS"}) {
            BenchSettings smaller = BenchSettings.usual(Map.of(name, "1"));
            assertThat(smaller.docs()).as(name).isEqualTo(Path.of("target/bench"));
            assertThat(smaller.results()).as(name).isEqualTo(Path.of("target/bench/results.json"));
        }
    }

    @Test
    void theCommandNamesWhatChangesTheOutcome() {
        BenchSettings settings =
                BenchSettings.usual(Map.of("BENCH_ROWS", "1000", "BENCH_REPEAT", "5", "BENCH_DOCS", "here"));
        assertThat(settings.command()).isEqualTo("BENCH_REPEAT=5 BENCH_ROWS=1000 make bench");
        assertThat(settings.docs()).isEqualTo(Path.of("here"));
    }

    @Test
    void theStepsOfScaleAreKnownAndNoPartOfTheCommand() {
        for (String name : new String[] {
            "BENCH_SCALE_ROWS", "BENCH_SCALE_TABLES", "BENCH_SCALE_TRANSACTIONS", "BENCH_SCALE_MEGABYTES"
        }) {
            assertThat(BenchSettings.usual(Map.of(name, "1000"))).isEqualTo(BenchSettings.usual(Map.of()));
        }
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> BenchSettings.usual(Map.of("BENCH_ROWS", "2m")))
                .isInstanceOf(BenchFailure.class)
                .hasMessageContaining("BENCH_ROWS is '2m'");
        assertThatThrownBy(() -> BenchSettings.usual(Map.of("BENCH_ROW", "2")))
                .isInstanceOf(BenchFailure.class)
                .hasMessageContaining("BENCH_ROW")
                .hasMessageContaining("BENCH_ROWS");
    }
}
