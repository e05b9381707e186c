package io.viridian.replication.canary;

import io.viridian.plan.Side;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The changes of either side that the other has not seen, in their order. */
record Touches(List<Touch> blue, List<Touch> green) {
    Touches {
        blue = List.copyOf(blue);
        green = List.copyOf(green);
    }

    List<Touch> on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    boolean ofBoth() {
        return !blue.isEmpty() && !green.isEmpty();
    }

    boolean none() {
        return blue.isEmpty() && green.isEmpty();
    }

    /** The side that alone has changed something. */
    Optional<Side> alone() {
        if (ofBoth() || none()) {
            return Optional.empty();
        }
        return Optional.of(blue.isEmpty() ? Side.GREEN : Side.BLUE);
    }

    /** These and those of another row. */
    Touches and(Touches other) {
        List<Touch> ofBlue = new ArrayList<>(blue);
        ofBlue.addAll(other.blue);
        List<Touch> ofGreen = new ArrayList<>(green);
        ofGreen.addAll(other.green);
        ofBlue.sort(Comparator.comparing(Touch::committed));
        ofGreen.sort(Comparator.comparing(Touch::committed));
        return new Touches(ofBlue, ofGreen);
    }

    /** When a side's last change was committed, by its clock; when it has none, the other's. */
    Instant last(Side side) {
        List<Touch> own = on(side).isEmpty() ? on(side.other()) : on(side);
        return own.getLast().at();
    }
}
