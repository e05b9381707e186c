package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.plan.SequenceName;
import org.junit.jupiter.api.Test;

final class SequenceHeadroomTest {
    private static final long INT4_MAX = Integer.MAX_VALUE;

    private final SequenceHeadroom headroom = new SequenceHeadroom(1000, 7);

    @Test
    void aThousandValuesAreSkippedAtLeast() {
        assertThat(headroom.next(up(500, 1, INT4_MAX), fresh(1, INT4_MAX))).contains(1500L);
    }

    @Test
    void everySessionMayFillItsCacheMeanwhile() {
        SequencePosition cached = new SequencePosition(name("old"), 5000, true, 1, 1, INT4_MAX, 500, false);
        assertThat(headroom.next(cached, fresh(1, INT4_MAX))).contains(5000L + 500 * 7);
    }

    @Test
    void oddAndEvenSequencesStayOddAndEven() {
        assertThat(headroom.next(up(501, 2, INT4_MAX), fresh(2, INT4_MAX))).contains(2501L);
    }

    @Test
    void aSequenceThatCountsDownIsMovedDown() {
        SequencePosition from = new SequencePosition(name("old"), -500, true, -5, -INT4_MAX, -1, 1, false);
        SequencePosition to = new SequencePosition(name("new"), -1, false, -5, -INT4_MAX, -1, 1, false);
        assertThat(headroom.next(from, to)).contains(-5500L);
        SequencePosition further = new SequencePosition(name("new"), -5500, true, -5, -INT4_MAX, -1, 1, false);
        assertThat(headroom.next(from, further)).isEmpty();
    }

    @Test
    void aSequenceThatIsFurtherIsLeftAlone() {
        assertThat(headroom.next(up(500, 1, INT4_MAX), up(1500, 1, INT4_MAX))).isEmpty();
        assertThat(headroom.next(up(500, 1, INT4_MAX), up(1501, 1, INT4_MAX))).isEmpty();
        assertThat(headroom.next(up(500, 1, INT4_MAX), up(1499, 1, INT4_MAX))).contains(1500L);
    }

    @Test
    void aSequenceThatWillHandOutALaterValueFirstIsLeftAlone() {
        SequencePosition begins = new SequencePosition(name("new"), 1_000_000, false, 1, 1, INT4_MAX, 1, false);
        assertThat(headroom.next(up(500, 1, INT4_MAX), begins)).isEmpty();
        SequencePosition justThere = new SequencePosition(name("new"), 1500, false, 1, 1, INT4_MAX, 1, false);
        assertThat(headroom.next(up(500, 1, INT4_MAX), justThere)).contains(1500L);
    }

    @Test
    void tellsWhatIsLeftFromWhereTheSourceStands() {
        assertThat(SequenceHeadroom.left(up(750, 1, INT4_MAX), up(1, 1, 1000))).isEqualTo(0.25);
        assertThat(SequenceHeadroom.left(up(2000, 1, INT4_MAX), up(1, 1, 1000))).isZero();
        SequencePosition down = new SequencePosition(name("old"), -750, true, -1, -INT4_MAX, -1, 1, false);
        SequencePosition to = new SequencePosition(name("new"), -1, false, -1, -1000, -1, 1, false);
        assertThat(SequenceHeadroom.left(down, to)).isEqualTo(0.25);
        SequencePosition again = new SequencePosition(name("new"), 1, false, 1, 1, 1000, 1, true);
        assertThat(SequenceHeadroom.left(up(2000, 1, INT4_MAX), again)).isOne();
    }

    @Test
    void aSequenceThatWasNeverUsedNeedsNothing() {
        assertThat(headroom.next(fresh(1, INT4_MAX), fresh(1, INT4_MAX))).isEmpty();
    }

    @Test
    void noRoomNearTheEndIsRefusedByName() {
        SequencePosition nearTheEnd = up(INT4_MAX - 999, 1, INT4_MAX);
        assertThatThrownBy(() -> headroom.next(nearTheEnd, fresh(1, INT4_MAX)))
                .hasMessageContaining("GATE_REFUSED")
                .hasMessageContaining("sequence public.new has no room")
                .hasMessageContaining("2147483647");
        assertThat(headroom.next(nearTheEnd, fresh(1, Long.MAX_VALUE))).contains(INT4_MAX + 1);
    }

    @Test
    void theEndOfAllNumbersIsRefusedAndDoesNotWrap() {
        assertThatThrownBy(() -> headroom.next(up(Long.MAX_VALUE - 5, 1, Long.MAX_VALUE), fresh(1, Long.MAX_VALUE)))
                .hasMessageContaining("public.new");
        assertThatThrownBy(() -> headroom.next(up(5, Long.MAX_VALUE / 2, Long.MAX_VALUE), fresh(1, Long.MAX_VALUE)))
                .hasMessageContaining("public.new");
    }

    @Test
    void aSequenceThatCyclesGoesOnWhereItIs() {
        SequencePosition from = new SequencePosition(name("old"), 90, true, 1, 1, 99, 1, true);
        SequencePosition to = new SequencePosition(name("new"), 1, false, 1, 1, 99, 1, true);
        assertThat(headroom.next(from, to)).contains(90L);
    }

    @Test
    void opposedDirectionsAreRefused() {
        SequencePosition down = new SequencePosition(name("new"), -1, false, -1, -INT4_MAX, -1, 1, false);
        assertThatThrownBy(() -> headroom.next(up(5, 1, INT4_MAX), down)).hasMessageContaining("counts down");
    }

    private static SequencePosition up(long last, long increment, long max) {
        return new SequencePosition(name(max == INT4_MAX ? "old" : "big"), last, true, increment, 1, max, 1, false);
    }

    private static SequencePosition fresh(long increment, long max) {
        return new SequencePosition(name("new"), 1, false, increment, 1, max, 1, false);
    }

    private static SequenceName name(String name) {
        return new SequenceName("public", name);
    }
}
