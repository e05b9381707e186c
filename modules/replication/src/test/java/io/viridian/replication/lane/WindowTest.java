package io.viridian.replication.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Direction;
import io.viridian.position.Lsn;
import io.viridian.replication.apply.Layouts;
import io.viridian.replication.apply.SourceLayout;
import io.viridian.time.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When consecutive transactions are written together, and when no more of them are waited for. */
class WindowTest {
    private static final Duration WINDOW_TIME = Duration.ofMillis(50);
    private static final int WINDOW_ROWS = 10;

    private final SourceLayout layout = Layouts.keyed("t");
    private final SettableClock clock = new SettableClock();
    private final List<Integer> written = new ArrayList<>();
    private final Window window = new Window(
            new LaneSettings("shop", Direction.FORWARD, 1, WINDOW_ROWS, WINDOW_TIME, 1 << 20),
            clock,
            part -> written.add(part.slice().size()));
    private int rows;

    /** A transaction of one row, committed on the source that long ago. */
    private void transaction(Duration ago) {
        rows++;
        window.begins(new Lsn(rows), true);
        window.add(Layouts.insert(layout, rows, rows, "body"));
        window.ended(new Lsn(rows), clock.now().minus(ago));
    }

    @Test
    void whatHasJustBeenCommittedIsWrittenAsSoonAsNothingElseWaits() {
        transaction(Duration.ofMillis(900));
        assertThat(window.collects()).isFalse();
        assertThat(window.full()).isFalse();
    }

    @Test
    void ofABacklogMoreIsCollectedThoughNothingWaits() {
        transaction(Duration.ofMinutes(1));
        assertThat(window.collects()).isTrue();
    }

    @Test
    void aBacklogIsCollectedNoLongerThanAWindowTakes() {
        transaction(Duration.ofMinutes(1));
        clock.pass(WINDOW_TIME);
        assertThat(window.due()).isTrue();
        assertThat(window.full()).isFalse();
        assertThat(window.collects()).isFalse();
    }

    @Test
    void aBacklogIsCollectedToTheRowsOfAWindowAndNoFurther() {
        for (int row = 1; row < WINDOW_ROWS; row++) {
            transaction(Duration.ofMinutes(1));
        }
        assertThat(window.collects()).isTrue();
        transaction(Duration.ofMinutes(1));
        assertThat(window.full()).isTrue();
        assertThat(window.collects()).isFalse();
        assertThat(written).containsExactly(WINDOW_ROWS);
    }

    @Test
    void somebodyWhoWaitsForAMarkerDoesNotWaitForMore() {
        transaction(Duration.ofMinutes(1));
        window.mark(new Window.PassedMarker("nonce", new Lsn(2), clock.now(), false));
        assertThat(window.full()).isTrue();
        assertThat(window.collects()).isFalse();
    }

    @Test
    void aHeartbeatAloneIsPassedOnAtOnce() {
        window.mark(new Window.PassedMarker("beat", new Lsn(2), clock.now(), true));
        window.ended(new Lsn(2), clock.now().minus(Duration.ofMinutes(1)));
        assertThat(window.collects()).isFalse();
    }
}
