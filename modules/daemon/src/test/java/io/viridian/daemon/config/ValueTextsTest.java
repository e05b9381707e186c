package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTextsTest {
    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S, 250ms",
        "30s, PT30S, 30s",
        "90s, PT90S, 90s",
        "5m, PT5M, 5m",
        "24h, PT24H, 24h",
        "60m, PT1H, 1h",
        "7d, PT168H, 168h",
        "0s, PT0S, 0s",
        "30 s, PT30S, 30s"
    })
    void durations(String given, Duration meant, String printed) {
        assertThat(DurationText.parse(given)).isEqualTo(meant);
        assertThat(DurationText.format(meant)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "s", "1.5s", "-1s", "1h30m", "30 seconds", "1w", "9999999999s", ""})
    void noDurations(String given) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(given))
                .withMessage("not a duration");
    }

    @ParameterizedTest
    @CsvSource({
        "512B, 512, 512B",
        "64KiB, 65536, 64KiB",
        "64MiB, 67108864, 64MiB",
        "2GiB, 2147483648, 2GiB",
        "1TiB, 1099511627776, 1TiB",
        "1024MiB, 1073741824, 1GiB",
        "0B, 0, 0B",
        "1025B, 1025, 1025B"
    })
    void sizes(String given, long bytes, String printed) {
        assertThat(ByteSize.parse(given)).isEqualTo(new ByteSize(bytes)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "64MB", "64M", "1.5GiB", "-1B", "", "64mib"})
    void noSizes(String given) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(given))
                .withMessage("not a size");
    }

    @Test
    void sizesThatNoNumberHolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse("99999999TiB"))
                .withMessage("larger than any disk");
    }

    @Test
    void rates() {
        assertThat(ByteRate.parse("100MiB/s").bytesPerSecond()).isEqualTo(104_857_600);
        assertThat(ByteRate.parse("100MiB/s")).hasToString("100MiB/s");
        assertThatIllegalArgumentException().isThrownBy(() -> ByteRate.parse("100MiB"));
        assertThatIllegalArgumentException().isThrownBy(() -> ByteRate.parse("0B/s"));
    }

    @Test
    void hostsWithPorts() {
        assertThat(HostPort.parse("127.0.0.1:7080")).isEqualTo(new HostPort("127.0.0.1", 7080));
        assertThat(HostPort.parse("[::1]:0")).isEqualTo(new HostPort("::1", 0)).hasToString("[::1]:0");
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse("localhost"));
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse(":7080"));
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse("::1:7080"));
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse("[::1]"));
    }

    @Test
    void theNearestNameIsTheOneWithTheFewestEdits() {
        assertThat(NearestKey.among(List.of("workers", "whole-table-up-to"), "wrokers"))
                .contains("workers");
        assertThat(NearestKey.among(List.of("active-sessions", "replica-lag"), "sessions"))
                .contains("active-sessions");
        assertThat(NearestKey.among(List.of("url"), "password")).isEmpty();
        assertThat(NearestKey.among(List.of("url", "uri"), "urx")).contains("uri");
        assertThat(NearestKey.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestKey.distance("", "abc")).isEqualTo(3);
    }
}
