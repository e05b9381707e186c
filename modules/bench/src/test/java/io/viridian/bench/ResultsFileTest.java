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
    void refusesWhatIsNoResult() {
        assertThatThrownBy(() -> ResultsFile.read("{\"rows\": \"many\"}")).isInstanceOf(BenchFailure.class);
    }
}
