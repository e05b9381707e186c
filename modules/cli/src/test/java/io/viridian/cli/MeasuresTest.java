package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.daemon.http.Samples;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1900000, 1.8 MiB",
        "104857600, 100 MiB",
        "2000000000, 1.9 GiB",
        "1099511627776, 1.0 TiB",
        "9007199254740992, 8.0 PiB"
    })
    void showsSizesInTheUnitThatFits(double bytes, String text) {
        assertThat(Measures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "0.0825, 82.5 ms",
        "0.25, 0.3 s",
        "12, 12 s",
        "59.94, 59.9 s",
        "60, 1 min",
        "95, 1 min 35 s",
        "7500, 2 h 5 min",
        "93600, 1 d 2 h",
        "604800, 7 d"
    })
    void showsTimesInTheTwoUnitsThatMatter(double seconds, String text) {
        assertThat(Measures.seconds(seconds)).isEqualTo(text);
    }

    @Test
    void neverSaysThatSomethingHappenedInTheFuture() {
        assertThat(Measures.ago(Samples.LATER, Samples.NOW)).isEqualTo("just now");
        assertThat(Measures.ago(Samples.NOW, Samples.NOW.plus(Duration.ofMinutes(26))))
                .isEqualTo("26 min ago");
    }

    @Test
    void groupsTheDigitsOfCounts() {
        assertThat(Measures.count(1_234_567)).isEqualTo("1,234,567");
    }
}
