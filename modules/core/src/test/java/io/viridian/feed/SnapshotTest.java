package io.viridian.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the stream's 32-bit transaction ids a pg_snapshot sees, across the turn of the counter. */
final class SnapshotTest {
    private static final long EPOCH = 1L << 32;

    @Test
    void readsTheTextFormOfPostgres() {
        assertThat(Snapshot.parse("10:20:11,14")).isEqualTo(new Snapshot(10, 20, Set.of(11L, 14L)));
        assertThat(Snapshot.parse("728:728:")).isEqualTo(new Snapshot(728, 728, Set.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10:20", "10:20:11:12", "a:20:", "10:20:x"})
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Snapshot.parse(text));
    }

    @Test
    void seesWhatEndedBeforeItWasTaken() {
        Snapshot snapshot = Snapshot.parse("10:20:11,14");
        assertThat(snapshot.sees(9)).isTrue();
        assertThat(snapshot.sees(12)).isTrue();
        assertThat(snapshot.sees(19)).isTrue();
    }

    @Test
    void doesNotSeeWhatWasRunningNorWhatCameLater() {
        Snapshot snapshot = Snapshot.parse("10:20:11,14");
        assertThat(snapshot.sees(11)).isFalse();
        assertThat(snapshot.sees(14)).isFalse();
        assertThat(snapshot.sees(20)).isFalse();
        assertThat(snapshot.sees(21)).isFalse();
    }

    @Test
    void takesTheIdsOfTheStreamForThoseOfItsOwnEpoch() {
        Snapshot snapshot = new Snapshot(3 * EPOCH + 10, 3 * EPOCH + 20, Set.of(3 * EPOCH + 11));
        assertThat(snapshot.sees(9)).isTrue();
        assertThat(snapshot.sees(11)).isFalse();
        assertThat(snapshot.sees(25)).isFalse();
    }

    @Test
    void knowsThatLargeIdsAreOldJustAfterTheCounterTurned() {
        Snapshot snapshot = new Snapshot(EPOCH + 3, EPOCH + 5, Set.of());
        assertThat(snapshot.widen(0xFFFF_FFF0L)).isEqualTo(0xFFFF_FFF0L);
        assertThat(snapshot.sees(0xFFFF_FFF0L)).isTrue();
        assertThat(snapshot.sees(6)).isFalse();
    }

    @Test
    void knowsThatSmallIdsAreNewJustBeforeTheCounterTurns() {
        Snapshot snapshot = new Snapshot(EPOCH - 10, EPOCH - 5, Set.of());
        assertThat(snapshot.widen(4)).isEqualTo(EPOCH + 4);
        assertThat(snapshot.sees(4)).isFalse();
        assertThat(snapshot.sees(0xFFFF_FFF0L)).isTrue();
    }

    @Test
    void findsATransactionThatStraddlesTheTurnAmongTheRunning() {
        Snapshot snapshot = new Snapshot(EPOCH - 2, EPOCH + 5, Set.of(EPOCH - 2, EPOCH + 4));
        assertThat(snapshot.sees(0xFFFF_FFFEL)).isFalse();
        assertThat(snapshot.sees(0xFFFF_FFFFL)).isTrue();
        assertThat(snapshot.sees(4)).isFalse();
        assertThat(snapshot.sees(3)).isTrue();
    }
}
