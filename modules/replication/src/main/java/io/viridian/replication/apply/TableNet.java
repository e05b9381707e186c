package io.viridian.replication.apply;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Tuple;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * @param before the row as it was before the slice, if the stream carried it; null when the slice inserted it
     * @param row its values, as far as the slice carries them
     */
    record Occupant(@Nullable List<String> origin, @Nullable Tuple before, Tuple row) {
        boolean inserted() {
            return origin == null;
        }

        boolean cameFromElsewhere(List<String> key) {
            return origin != null && !origin.equals(key);
        }
    }

    private final SourceLayout source;
    private final Map<List<String>, Occupant> occupants = new LinkedHashMap<>();
    private final Map<List<String>, Optional<Tuple>> gone = new LinkedHashMap<>();
    private final Set<List<String>> left = new HashSet<>();

    TableNet(SourceLayout source) {
        this.source = source;
    }

    Map<List<String>, Occupant> occupants() {
        return occupants;
    }

    /** By their keys before the slice, the rows that do not exist any more, as they were if the stream carried that. */
    Map<List<String>, Optional<Tuple>> gone() {
        return gone;
    }

    void insert(List<String> key, Tuple row) {
        occupy(key, new Occupant(null, null, row));
    }

    void update(List<String> before, List<String> key, Tuple row, @Nullable Tuple old) {
        Occupant known = take(before);
        Occupant changed = known == null
                ? new Occupant(before, old, row)
                : new Occupant(known.origin(), known.before(), row.over(known.row()));
        if (changed.cameFromElsewhere(key)) {
            left.add(before);
        }
        occupy(key, changed);
    }

    void delete(List<String> key, Tuple old) {
        Occupant known = take(key);
        if (known == null) {
            gone.put(key, Optional.of(old));
        } else if (known.origin() != null) {
            gone.put(known.origin(), Optional.ofNullable(known.before()));
        }
    }

    /** The row under this key as far as the slice knows it; null when the slice has not met it yet. */
    private @Nullable Occupant take(List<String> key) {
        Occupant known = occupants.remove(key);
        if (known == null && (gone.containsKey(key) || left.contains(key))) {
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
