package io.viridian.verification;

import io.viridian.proof.Verification.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rows of one bucket or batch are on one side only. Rows meet by their key and never by their order, so the
 * collations of the two servers do not matter.
 */
final class Surplus {
    /** Rows with this key that differ. */
    record Found(String key, Kind kind, long rows) {}

    private record Digest(long first, long second) {}

    private Surplus() {}

    static List<Found> of(Collection<RowDigest> source, Collection<RowDigest> target) {
        Map<String, Map<Digest, Long>> net = new HashMap<>();
        source.forEach(row -> add(net, row, row.rows()));
        target.forEach(row -> add(net, row, -row.rows()));
        List<Found> found = new ArrayList<>();
        net.forEach((key, digests) -> {
            long onSource = digests.values().stream()
                    .filter(n -> n > 0)
                    .mapToLong(Long::longValue)
                    .sum();
            long onTarget = -digests.values().stream()
                    .filter(n -> n < 0)
                    .mapToLong(Long::longValue)
                    .sum();
            long different = Math.min(onSource, onTarget);
            add(found, key, Kind.DIFFERENT, different);
            add(found, key, Kind.MISSING, onSource - different);
            add(found, key, Kind.EXTRA, onTarget - different);
        });
        return found;
    }

    private static void add(Map<String, Map<Digest, Long>> net, RowDigest row, long rows) {
        net.computeIfAbsent(row.key(), _ -> new HashMap<>())
                .merge(new Digest(row.first(), row.second()), rows, Long::sum);
    }

    private static void add(List<Found> found, String key, Kind kind, long rows) {
        if (rows > 0) {
            found.add(new Found(key, kind, rows));
        }
    }
}
