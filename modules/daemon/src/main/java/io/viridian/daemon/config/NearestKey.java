package io.viridian.daemon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known name that a misspelt one most likely meant. */
public final class NearestKey {
    /** More edits than this are another word, however long it is. */
    private static final int MOST_EDITS = 3;

    /** A shorter piece is contained in too many words to mean one of them. */
    private static final int SHORTEST_PIECE = 4;

    private NearestKey() {}

    /** The candidate with the fewest edits, if those are few enough to be a misspelling; else one that contains it. */
    public static Optional<String> among(Collection<String> candidates, String given) {
        int tolerated = Math.clamp(given.length() / 3, 1, MOST_EDITS);
        Optional<String> misspelt = candidates.stream()
                .filter(candidate -> distance(candidate, given) <= tolerated)
                .min(Comparator.comparingInt((String candidate) -> distance(candidate, given))
                        .thenComparing(Comparator.naturalOrder()));
        return misspelt.or(() -> candidates.stream()
                .filter(candidate -> given.length() >= SHORTEST_PIECE && candidate.contains(given))
                .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder())));
    }

    /** Insertions, deletions and replacements between two texts (Levenshtein). */
    static int distance(String left, String right) {
        int[] above = new int[right.length() + 1];
        for (int column = 0; column <= right.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= left.length(); row++) {
            int[] current = new int[right.length() + 1];
            current[0] = row;
            for (int column = 1; column <= right.length(); column++) {
                int replaced = above[column - 1] + (left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[right.length()];
    }
}
