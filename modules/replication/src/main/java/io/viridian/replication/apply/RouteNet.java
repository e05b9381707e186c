package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the net effect on a source means for one of its routes, sorted by the statements that write it. One thread.
 *
 * @param gone source keys, as they were before, of rows that do not exist any more
 * @param moved rows under new keys, by the columns that are unknown of them
 * @param patched rows that are there and get new values, by the columns that are unknown
 * @param inserted rows that cannot be there
 * @param written complete rows that may be there or not
 */
record RouteNet(
        RouteLayout layout,
        List<List<String>> gone,
        Map<Set<String>, Moves> moved,
        Map<Set<String>, List<Tuple>> patched,
        List<Tuple> inserted,
        List<Tuple> written) {
    /** Rows under new keys, with their keys before. */
    record Moves(List<List<String>> before, List<Tuple> rows) {
        Moves() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(List<String> key, Tuple row) {
            before.add(key);
            rows.add(row);
        }

        int size() {
            return rows.size();
        }
    }

    /**
     * Sorts a net effect.
     *
     * @param strict whether every row is as the stream left it: to update one that is there is cheaper than to insert
     *     and find it, which locks it with a record of its own in the log, and a new one meets none
     */
    static RouteNet of(RouteLayout layout, TableNet net, boolean strict) {
        RouteNet sorted = new RouteNet(
                layout,
                new ArrayList<>(net.gone()),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new ArrayList<>(),
                new ArrayList<>());
        net.occupants().forEach((key, occupant) -> sorted.add(key, occupant, strict && layout.exact()));
        return sorted;
    }

    private void add(List<String> key, TableNet.Occupant occupant, boolean known) {
        Tuple image = occupant.row();
        if (layout.expands()) {
            addExpanded(key, occupant);
        } else if (occupant.cameFromElsewhere(key)) {
            moved.computeIfAbsent(layout.missing(image), _ -> new Moves())
                    .add(Objects.requireNonNull(occupant.origin()), image);
        } else if (known && occupant.inserted()) {
            inserted.add(image);
        } else if (!known && (occupant.inserted() || layout.complete(image))) {
            written.add(image);
        } else {
            patched.computeIfAbsent(layout.missing(image), _ -> new ArrayList<>())
                    .add(image);
        }
    }

    /** What an incomplete row does not carry is all that it is made of, so nothing of it but its key has changed. */
    private void addExpanded(List<String> key, TableNet.Occupant occupant) {
        Tuple image = occupant.row();
        boolean moves = occupant.cameFromElsewhere(key);
        if (layout.complete(image)) {
            if (moves) {
                gone.add(Objects.requireNonNull(occupant.origin()));
            }
            written.add(image);
        } else if (moves) {
            moved.computeIfAbsent(layout.missing(image), _ -> new Moves())
                    .add(Objects.requireNonNull(occupant.origin()), image);
        }
    }
}
