package io.viridian.model.canary;

/**
 * The row, as it is committed on one side.
 *
 * @param write what it says: the number of the write that left it so, from 1 on
 * @param there false when that removed it, or when nobody has made it yet
 * @param seen a bit for each write that it was written on top of, or settled against. No server knows that: it is what
 *     the claims are about
 */
record Row(int write, boolean there, int seen) {
    static final Row NONE = new Row(0, false, 0);

    /** Whether applications can tell no difference. */
    boolean looksLike(Row other) {
        return there == other.there && (!there || write == other.write);
    }

    Row having(int seenBesides) {
        return new Row(write, there, seen | seenBesides);
    }

    @Override
    public String toString() {
        return there ? "w" + write : write == 0 ? "no row" : "removed by w" + write;
    }
}
