package io.viridian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadPaceTest {
    private static final int LITTLE = 200;
    private static final int MUCH = 1_000_000;

    private final ReadPace pace = new ReadPace(0);
    private long now;

    /** One portion; how long nothing is read after it. */
    private long pauseAfter(int bytes) {
        pace.portionBegins(now);
        pace.read(bytes, now);
        long began = now;
        while (pace.pauses(now)) {
            now += ReadPace.SHORTEST_NANOS;
        }
        return now - began;
    }

    @Test
    void theFirstReadingWaitsForNothing() {
        assertThat(pace.pauses(0)).isFalse();
    }

    @Test
    void aStreamThatBringsLittleIsLookedAtSoon() {
        for (int portion = 0; portion < 100; portion++) {
            assertThat(pauseAfter(LITTLE)).isEqualTo(ReadPace.SHORTEST_NANOS);
        }
    }

    @Test
    void aStreamThatBringsMuchIsReadInPortionsThatGrowUpToABound() {
        assertThat(pauseAfter(MUCH)).isEqualTo(ReadPace.SHORTEST_NANOS);
        assertThat(pauseAfter(MUCH)).isEqualTo(2 * ReadPace.SHORTEST_NANOS);
        assertThat(pauseAfter(MUCH)).isEqualTo(4 * ReadPace.SHORTEST_NANOS);
        for (int portion = 0; portion < 100; portion++) {
            pauseAfter(MUCH);
        }
        assertThat(pauseAfter(MUCH)).isEqualTo(ReadPace.LONGEST_NANOS);
    }

    @Test
    void onePortionThatBringsLittleEndsTheLongPauses() {
        for (int portion = 0; portion < 10; portion++) {
            pauseAfter(MUCH);
        }
        pauseAfter(LITTLE);

        assertThat(pauseAfter(LITTLE)).isEqualTo(ReadPace.SHORTEST_NANOS);
    }

    @Test
    void whatBelongsToOnePortionIsCountedTogether() {
        pace.portionBegins(now);
        for (int piece = 0; piece < 10; piece++) {
            pace.read(MUCH / 10, now);
        }
        now += ReadPace.SHORTEST_NANOS;
        pace.portionBegins(now);

        assertThat(pace.pauses(now + ReadPace.SHORTEST_NANOS / 2)).isTrue();
        assertThat(pauseAfter(0)).isEqualTo(2 * ReadPace.SHORTEST_NANOS);
    }

    @Test
    void aLongSilenceBetweenTwoLargePortionsIsNoBacklog() {
        pauseAfter(MUCH);
        now += 10_000_000_000L;

        assertThat(pauseAfter(MUCH)).isEqualTo(ReadPace.SHORTEST_NANOS);
    }
}
