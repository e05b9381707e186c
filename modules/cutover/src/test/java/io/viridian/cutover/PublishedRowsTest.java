package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that are published to nobody come through no stream and are in no list of what was touched. */
final class PublishedRowsTest {
    private Pair pair;
    private SwitchRig rig;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create();
        rig = pair.rig();
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    private void assertRefused() {
        PostgresSwitchover switchover = rig.switchover();
        SwitchAttempt attempt = rig.attempt(Direction.FORWARD);
        assertThatThrownBy(() -> switchover.perform(Direction.FORWARD, SwitchStep.FENCE, attempt))
                .hasMessageContaining("PUBLICATION_CHANGED")
                .hasMessageContaining("publication rows_forward on blue");
        pair.blue.run(session -> session.execute("insert into public.accounts values (5, 5)"));
        switchover.undo(Direction.FORWARD, attempt);
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
    }

    @Test
    void keepASwitchFromBeginning() {
        pair.blue.run(session -> session.execute("alter publication rows_forward drop table public.accounts"));
        assertRefused();
    }

    @Test
    void keepItFromBeginningAlsoWhenThePublicationLooksRightAgain() {
        pair.blue.run(session -> session.execute("alter publication rows_forward set (publish = 'insert')"));
        pair.blue.run(session ->
                session.execute("alter publication rows_forward set (publish = 'insert, update, delete, truncate')"));
        assertRefused();
    }

    @Test
    void ofTheOtherSideDoNotMatter() throws InterruptedException {
        pair.green.run(session -> session.execute("drop publication rows_reverse"));
        rig.complete(Direction.FORWARD);
        assertThat(pair.guardOf(Side.GREEN).closed()).isFalse();
    }
}
