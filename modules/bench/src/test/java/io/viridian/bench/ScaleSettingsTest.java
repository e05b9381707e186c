package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScaleSettingsTest {
    @Test
    void growsByTensAndMakesThePageThatIsShown() {
        ScaleSettings usual = ScaleSettings.usual(Map.of("PATH", "/bin"));
        assertThat(usual.rows()).containsExactly(1_000_000, 10_000_000, 100_000_000);
        assertThat(usual.tables()).containsExactly(10, 100, 1_000, 10_000);
        assertThat(usual.transactions()).containsExactly(10_000, 100_000, 1_000_000);
        assertThat(usual.megabytes()).containsExactly(100, 1_000, 10_000);
        assertThat(usual.results()).isEqualTo(Path.of("bench/scale.json"));
        assertThat(usual.docs()).isEqualTo(Path.of("docs/reference"));
        assertThat(usual.command()).isEqualTo("scripts/bench scale");
    }

    @Test
    void aSmallerRunDoesNotReplaceIt() {
        for (String name : new String[] {
            ScaleSettings.ROWS, ScaleSettings.TABLES, ScaleSettings.TRANSACTIONS, ScaleSettings.MEGABYTES
        }) {
            ScaleSettings smaller = ScaleSettings.usual(Map.of(name, "9"));
            assertThat(smaller.docs()).as(name).isEqualTo(Path.of("target/bench"));
            assertThat(smaller.results()).as(name).isEqualTo(Path.of("target/bench/scale.json"));
            assertThat(smaller.command()).isEqualTo(name + "=9 scripts/bench scale");
        }
    }

    @Test
    void endsWithTheStepThatIsAskedFor() {
        ScaleSettings settings = ScaleSettings.usual(Map.of(
                ScaleSettings.ROWS, "500", ScaleSettings.TABLES, "250", ScaleSettings.TRANSACTIONS, "999999999"));
        assertThat(settings.rows()).containsExactly(500);
        assertThat(settings.tables()).containsExactly(10, 100, 250);
        assertThat(settings.transactions())
                .containsExactly(10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 999_999_999);
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> ScaleSettings.usual(Map.of(ScaleSettings.ROWS, "many")))
                .isInstanceOf(BenchFailure.class)
                .hasMessageContaining("BENCH_SCALE_ROWS is 'many'");
    }

    @Test
    void itsStepsChangeNothingOfTheUsualRun() {
        BenchSettings usual = BenchSettings.usual(Map.of(ScaleSettings.ROWS, "9", ScaleSettings.TABLES, "9"));
        assertThat(usual).isEqualTo(BenchSettings.usual(Map.of()));
    }
}
