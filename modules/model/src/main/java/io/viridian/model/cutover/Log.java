package io.viridian.model.cutover;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one server writes, in the order of its commits. A position is a number of entries: everything before it. Not a
 * record, because its hash is asked for in every state and worth being remembered.
 */
final class Log {
    static final Log EMPTY = new Log(List.of());

    private final List<Entry> entries;
    private final int hash;

    /** What a stream finds in a log. */
    enum Kind {
        /** A transaction of the applications. */
        WRITE,
        /** A transaction that a lane of ours wrote, with our origin on it. */
        TAGGED,
        /** The marker behind everything written before the fence. */
        FENCE,
        /** The marker that proves the other direction. */
        REVERSE,
        /** The marker behind what sessions of before wrote once the locks were lost. */
        LAST
    }

    /**
     * One commit.
     *
     * @param number of the write, or of the attempt whose marker it is
     */
    record Entry(Kind kind, int number) {
        @Override
        public String toString() {
            return switch (kind) {
                case WRITE -> "w" + (number + 1);
                case TAGGED -> "(w" + (number + 1) + ")";
                case FENCE -> "fence" + number;
                case REVERSE -> "reverse" + number;
                case LAST -> "last" + number;
            };
        }
    }

    /**
     * A log with these entries.
     *
     * @param entries the oldest first
     */
    private Log(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        this.hash = this.entries.hashCode();
    }

    List<Entry> entries() {
        return entries;
    }

    int end() {
        return entries.size();
    }

    Entry at(int position) {
        return entries.get(position);
    }

    Log with(Kind kind, int number) {
        List<Entry> longer = new ArrayList<>(entries);
        longer.add(new Entry(kind, number));
        return new Log(longer);
    }

    /** The position behind this marker; 0 while it is not there. */
    int behind(Kind kind, int attempt) {
        return entries.indexOf(new Entry(kind, attempt)) + 1;
    }

    /** The position behind the first marker of this kind, whoever wrote it; 0 when there is none. */
    int behindAny(Kind kind) {
        for (int position = 0; position < entries.size(); position++) {
            if (entries.get(position).kind() == kind) {
                return position + 1;
            }
        }
        return 0;
    }

    @Override
    public boolean equals(Object other) {
        return other == this || (other instanceof Log log && log.hash == hash && log.entries.equals(entries));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return entries.stream().map(Entry::toString).collect(Collectors.joining(" ", "[", "]"));
    }
}
