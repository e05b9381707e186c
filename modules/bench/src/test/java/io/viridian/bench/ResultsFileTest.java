package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResultsFileTest {
    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(ResultsFile.read(ResultsFile.write(Measured.results()))).isEqualTo(Measured.results());
    }

    @Test
    void itsRatiosAreShownBesideThoseOfTheNextRun() {
        Before before = Before.of(Measured.results());
        assertThat(before.measured()).isEqualTo("2026-11-26");
        assertThat(before.value(Goal.atMost("initial load ÷ pgcopydb", new Spread(1, 1, 1), 1)))
                .isEqualTo("0.67");
        assertThat(before.value(Goal.atMost("new", new Spread(1, 1, 1), 1))).isEmpty();
    }

    @Test
    void refusesWhatIsNoResult() {
        assertThatThrownBy(() -> ResultsFile.read("{\"rows\": \"many\"}")).isInstanceOf(BenchFailure.class);
    }
}
