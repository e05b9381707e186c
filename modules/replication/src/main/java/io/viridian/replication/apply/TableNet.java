package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Tuple;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The net effect of a slice on one keyed table: which of the rows that were there before the slice are gone, and which
 * row is under each key afterwards. A row that only changed its key is followed, not deleted and inserted, because
 * columns that no expression feeds go with it. One thread.
 */
final class TableNet {
    /**
     * The row under a key at the end of the slice.
     *
     * @param origin the key it had before the slice; null when the slice inserted it
     * @param row its values, as far as the slice carries them
     */
    record Occupant(@Nullable List<String> origin, Tuple row) {
        boolean inserted() {
            return origin == null;
        }

        boolean cameFromElsewhere(List<String> key) {
            return origin != null && !origin.equals(key);
        }
    }

    private final SourceLayout source;
    private final Map<List<String>, Occupant> occupants = new LinkedHashMap<>();
    private final Set<List<String>> gone = new LinkedHashSet<>();
    private final Set<List<String>> left = new HashSet<>();

    TableNet(SourceLayout source) {
        this.source = source;
    }

    Map<List<String>, Occupant> occupants() {
        return occupants;
    }

    /** The keys, as they were before the slice, of rows that do not exist any more. */
    Set<List<String>> gone() {
        return gone;
    }

    void insert(List<String> key, Tuple row) {
        occupy(key, new Occupant(null, row));
    }

    void update(List<String> before, List<String> key, Tuple row) {
        Occupant known = take(before);
        Occupant changed =
                known == null ? new Occupant(before, row) : new Occupant(known.origin(), row.over(known.row()));
        if (changed.cameFromElsewhere(key)) {
            left.add(before);
        }
        occupy(key, changed);
    }

    void delete(List<String> key) {
        Occupant known = take(key);
        if (known == null) {
            gone.add(key);
        } else if (known.origin() != null) {
            gone.add(known.origin());
        }
    }

    /** The row under this key as far as the slice knows it; null when the slice has not met it yet. */
    private @Nullable Occupant take(List<String> key) {
        Occupant known = occupants.remove(key);
        if (known == null && (gone.contains(key) || left.contains(key))) {
            throw unexpected(key, "was changed although it is gone");
        }
        return known;
    }

    private void occupy(List<String> key, Occupant occupant) {
        if (occupants.put(key, occupant) != null) {
            throw unexpected(key, "came although a row with this key is there");
        }
    }

    private RuntimeException unexpected(List<String> key, String what) {
        return Fault.about(
                        FaultCode.STREAM_UNEXPECTED,
                        source.name().toString(),
                        "row " + key + " of " + source.name() + " " + what)
                .asException();
    }
}
