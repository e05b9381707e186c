package io.viridian.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RefusalTest {

    @ParameterizedTest
    @CsvSource({
        "25006, OTHER_SIDE",
        "57P01, OTHER_SIDE",
        "57P03, OTHER_SIDE",
        "08006, OTHER_SIDE",
        "28000, OTHER_SIDE",
        "42P01, OTHER_SIDE",
        "40001, AGAIN",
        "40P01, AGAIN",
        "55P03, AGAIN",
        "57014, AGAIN",
        "23505, SURPRISE",
        "22001, SURPRISE"
    })
    void theCodeDecidesWhatAClientDoesNext(String code, Refusal expected) {
        assertThat(Refusal.of(new SQLException("refused", code))).isEqualTo(expected);
    }

    @Test
    void aFailureWithoutCodeIsABrokenConnection() {
        SQLException failure = new SQLException("gone");
        assertThat(Refusal.of(failure)).isEqualTo(Refusal.OTHER_SIDE);
        assertThat(Refusal.certainlyAborted(failure)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "08003", "57P01", "57P02", "58030", "XX000"})
    void aCommitThatEndedWithTheConnectionOrTheServerMayHaveHappened(String code) {
        assertThat(Refusal.certainlyAborted(new SQLException("lost", code))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40001", "25006", "25P02"})
    void aCommitThatTheServerRefusedHasNotHappened(String code) {
        assertThat(Refusal.certainlyAborted(new SQLException("refused", code))).isTrue();
    }
}
