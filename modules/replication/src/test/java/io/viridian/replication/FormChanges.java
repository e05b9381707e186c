package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.lane.ApplyLane;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Changes that rules of one form have to lead on, whenever they come: each by itself, all in one window, during a copy.
 *
 * @param fill what is there before
 * @param asMapped demands that green is what the mapping makes of blue
 */
record FormChanges(Consumer<Replica> fill, List<String> changes, Consumer<Replica> asMapped) {
    void eachByItself(Replica replica) throws InterruptedException {
        ApplyLane lane = replica.stream();
        fill.accept(replica);
        follow(replica, lane, changes);
    }

    /** @param afterwards each by itself */
    void inOneWindow(Replica replica, String... afterwards) throws InterruptedException {
        fill.accept(replica);
        changes.forEach(replica::onBlue);
        ApplyLane lane = replica.stream();
        replica.drain(lane);
        asMapped.accept(replica);
        follow(replica, lane, List.of(afterwards));
    }

    /**
     * The snapshot is taken, and only then do the rows change.
     *
     * @param afterwards each by itself
     */
    void duringCopy(Replica replica, Function<ApplyLane, Backfill> copy, String... afterwards)
            throws InterruptedException {
        Script script = new Script();
        script.at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> changes.forEach(replica::onBlue));
        replica.failpoints = script;
        ApplyLane lane = replica.lane();
        copy.apply(lane).run();
        replica.drain(lane);
        assertThat(script.played()).isTrue();
        asMapped.accept(replica);
        follow(replica, lane, List.of(afterwards));
    }

    private void follow(Replica replica, ApplyLane lane, List<String> each) throws InterruptedException {
        for (String change : each) {
            replica.onBlue(change);
            replica.drain(lane);
            asMapped.accept(replica);
        }
        assertThat(lane.status().fault()).isEmpty();
    }
}
