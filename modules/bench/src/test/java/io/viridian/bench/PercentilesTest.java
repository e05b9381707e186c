package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
    @Test
    void everyPercentileIsASampleWhateverTheirOrder() {
        List<Double> samples =
                IntStream.rangeClosed(1, 200).mapToObj(n -> (double) n).collect(Collectors.toList());
        Collections.reverse(samples);
        assertThat(Percentiles.of(samples)).isEqualTo(new Percentiles(200, 100, 190, 198, 200));
    }

    @Test
    void oneSampleIsAllOfThem() {
        assertThat(Percentiles.of(List.of(7.0))).isEqualTo(new Percentiles(1, 7, 7, 7, 7));
    }

    @Test
    void nothingHasNone() {
        assertThatThrownBy(() -> Percentiles.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
