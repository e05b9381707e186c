package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the net effect on a source means for one of its routes, sorted by the statements that write it. One thread.
 *
 * @param gone rows that do not exist any more
 * @param moved rows under new keys, by the columns that are unknown of them
 * @param patched rows that are there and get new values, by the columns that are unknown
 * @param inserted rows that cannot be there
 * @param written complete rows that may be there or not
 * @param leaving those of them that may not be on the route any more, as they were and as they are
 */
record RouteNet(
        RouteLayout layout,
        Rows gone,
        Map<Set<String>, Moves> moved,
        Map<Set<String>, List<Tuple>> patched,
        List<Tuple> inserted,
        List<Tuple> written,
        Leaving leaving) {
    /** Rows by the keys they had, and as they were where the stream carried that. */
    record Rows(List<List<String>> keys, List<Tuple> images) {
        Rows() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        static Rows of(List<String> key, @Nullable Tuple image) {
            Rows one = new Rows();
            one.add(key, image);
            return one;
        }

        void add(List<String> key, @Nullable Tuple image) {
            keys.add(key);
            if (image != null) {
                images.add(image);
            }
        }
    }

    /** Rows before and after, side by side. */
    record Leaving(List<Tuple> before, List<Tuple> after) {
        Leaving() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        static Leaving of(RowChange.Update update) {
            Leaving one = new Leaving();
            one.add(update.old(), update.row());
            return one;
        }

        void add(@Nullable Tuple old, Tuple row) {
            if (old != null) {
                before.add(old);
                after.add(row);
            }
        }
    }

    /** Rows under new keys, with their keys before. */
    record Moves(Rows before, List<Tuple> rows) {
        Moves() {
            this(new Rows(), new ArrayList<>());
        }

        void add(List<String> key, @Nullable Tuple old, Tuple row) {
            before.add(key, old);
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
                new Rows(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new Leaving());
        net.gone().forEach((key, image) -> sorted.gone().add(key, image.orElse(null)));
        net.occupants().forEach((key, occupant) -> sorted.add(key, occupant, strict && layout.exact()));
        return sorted;
    }

    private void add(List<String> key, TableNet.Occupant occupant, boolean known) {
        Tuple image = occupant.row();
        if (layout.expands()) {
            addExpanded(key, occupant);
        } else if (layout.part()) {
            addPart(key, occupant);
        } else if (occupant.cameFromElsewhere(key)) {
            moved.computeIfAbsent(layout.missing(image), _ -> new Moves())
                    .add(Objects.requireNonNull(occupant.origin()), occupant.before(), image);
        } else if (known && occupant.inserted()) {
            inserted.add(image);
        } else if (!known && (occupant.inserted() || layout.complete(image))) {
            written.add(image);
            leaving.add(occupant.before(), image);
        } else {
            patched.computeIfAbsent(layout.missing(image), _ -> new ArrayList<>())
                    .add(image);
        }
    }

    /** The row it belongs to is there, by whichever route. */
    private void addPart(List<String> key, TableNet.Occupant occupant) {
        Tuple image = occupant.row();
        if (occupant.cameFromElsewhere(key)) {
            gone.add(Objects.requireNonNull(occupant.origin()), occupant.before());
        }
        patched.computeIfAbsent(layout.missing(image), _ -> new ArrayList<>()).add(image);
    }

    /** What an incomplete row does not carry is all that it is made of, so nothing of it but its key has changed. */
    private void addExpanded(List<String> key, TableNet.Occupant occupant) {
        Tuple image = occupant.row();
        boolean moves = occupant.cameFromElsewhere(key);
        if (layout.complete(image)) {
            if (moves) {
                gone.add(Objects.requireNonNull(occupant.origin()), occupant.before());
            }
            written.add(image);
        } else if (moves) {
            moved.computeIfAbsent(layout.missing(image), _ -> new Moves())
                    .add(Objects.requireNonNull(occupant.origin()), occupant.before(), image);
        }
    }
}
