package io.viridian.model.merge;

/**
 * A row without its key: a small column that every change carries, and a large one that an update may leave out of the
 * stream because it did not change.
 */
record Row(int small, char large) {
    /** No row under this key. */
    static final Row ABSENT = new Row(0, '-');

    boolean isAbsent() {
        return equals(ABSENT);
    }

    Row withSmall(int value) {
        return new Row(value, large);
    }

    @Override
    public String toString() {
        return small + "/" + large;
    }
}
