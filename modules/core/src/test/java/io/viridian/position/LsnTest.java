package io.viridian.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LsnTest {
    @ParameterizedTest
    @ValueSource(strings = {"0/0", "16/B374D848", "0/1", "FFFFFFFF/FFFFFFFF"})
    void isWrittenAsPostgresWritesIt(String text) {
        assertThat(Lsn.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "16", "16/", "/B3", "16/B374D8481", "g/0", "16/B374D848 "})
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.parse(text)).withMessageContaining("16/B374D848");
    }

    @Test
    void isComparedUnsigned() {
        Lsn high = Lsn.parse("FFFFFFFF/0");
        assertThat(high).isGreaterThan(Lsn.parse("7FFFFFFF/FFFFFFFF"));
        assertThat(high.isAfter(Lsn.ZERO)).isTrue();
        assertThat(Lsn.ZERO.isBefore(high)).isTrue();
        assertThat(Lsn.min(high, Lsn.ZERO)).isEqualTo(Lsn.ZERO);
        assertThat(Lsn.max(high, Lsn.ZERO)).isEqualTo(high);
    }

    @Test
    void countsBytesInBothDirections() {
        assertThat(Lsn.parse("1/10").bytesSince(Lsn.parse("1/0"))).isEqualTo(16);
        assertThat(Lsn.parse("1/0").bytesSince(Lsn.parse("1/10"))).isEqualTo(-16);
        assertThat(Lsn.parse("1/0").bytesSince(Lsn.parse("0/FFFFFFFF"))).isEqualTo(1);
    }
}
