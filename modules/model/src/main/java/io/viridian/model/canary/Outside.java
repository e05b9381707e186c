package io.viridian.model.canary;

import java.util.ArrayList;
import java.util.List;

/**
 * What the world still has in store, and what only somebody who sees both sides at once can know.
 *
 * @param writes transactions that applications may still begin
 * @param committed how many they have committed
 * @param mishaps crashes, lost answers, streams that break
 * @param conflicts those that were kept, each with the writes that it settled, a bit each
 * @param alarm raised by what must not happen between two states
 */
record Outside(int writes, int committed, int mishaps, List<Integer> conflicts, Alarm alarm) {
    /** What only a step can show. */
    enum Alarm {
        NONE,
        /** A lane has overwritten a row with a write that was not made on top of it. */
        OVERWRITTEN_UNSEEN,
        /** A conflict was kept although each of its writes had seen those of the other side, or it was kept before. */
        SETTLED_FOR_NOTHING,
        /** A write was applied on the side where it was made. */
        CAME_BACK,
        /** A row is not as the lane expects it, and nobody else has changed it. */
        STANDS
    }

    Outside {
        conflicts = List.copyOf(conflicts);
    }

    static Outside with(int writes, int mishaps) {
        return new Outside(writes, 0, mishaps, List.of(), Alarm.NONE);
    }

    Outside afterBegin() {
        return new Outside(writes - 1, committed, mishaps, conflicts, alarm);
    }

    Outside afterCommit() {
        return new Outside(writes, committed + 1, mishaps, conflicts, alarm);
    }

    Outside afterMishap() {
        return new Outside(writes, committed, mishaps - 1, conflicts, alarm);
    }

    Outside keeping(int conflict) {
        List<Integer> more = new ArrayList<>(conflicts);
        more.add(conflict);
        return new Outside(writes, committed, mishaps, more, alarm);
    }

    Outside with(Alarm raised) {
        return new Outside(writes, committed, mishaps, conflicts, raised);
    }

    /** Whether these two are in one conflict that was kept. */
    boolean tellsOf(Write one, Write other) {
        int both = one.bit() | other.bit();
        return conflicts.stream().anyMatch(conflict -> (conflict & both) == both);
    }
}
