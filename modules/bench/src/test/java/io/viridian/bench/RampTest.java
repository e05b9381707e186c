package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RampTest {
    /** Half a second each. */
    private static List<Ramp.Sample> samples(int... done) {
        List<Ramp.Sample> samples = new ArrayList<>();
        for (int each : done) {
            samples.add(new Ramp.Sample(samples.size() / 2.0, each));
        }
        return samples;
    }

    @Test
    void isFastWithTheFirstSecondThatComesCloseToTheSecondHalf() {
        Ramp ramp = Ramp.of(samples(0, 0, 0, 10, 30, 60, 110, 160, 210, 260, 310, 340), 0.8);
        assertThat(ramp.warmPerSecond()).isEqualTo(100);
        assertThat(ramp.seconds()).as("50 and 30 in a second").isEqualTo(3.0);
    }

    @Test
    void doesNotTakeTheFirstHalfSecondForASecond() {
        Ramp ramp = Ramp.of(samples(0, 0, 90, 100, 110, 160, 210, 260, 310, 340), 0.8);
        assertThat(ramp.seconds()).as("90 at once are 90 a second").isEqualTo(1.0);
        assertThat(ramp.warmPerSecond()).isEqualTo(100);
    }

    @Test
    void countsAllTheTimeWhenTheSecondHalfWasOverTooSoon() {
        Ramp ramp = Ramp.of(samples(0, 10, 100), 0.8);
        assertThat(ramp.warmPerSecond()).isEqualTo(100);
        assertThat(ramp.seconds()).isEqualTo(1.0);
    }

    @Test
    void cannotBeToldFromOneLook() {
        assertThatExceptionOfType(BenchFailure.class)
                .isThrownBy(() -> Ramp.of(samples(100), 0.8))
                .withMessageContaining("too few samples");
    }
}
