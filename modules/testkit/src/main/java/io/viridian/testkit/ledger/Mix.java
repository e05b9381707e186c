package io.viridian.testkit.ledger;

/** Makes one seed of several numbers, such that neighbours have nothing in common. */
final class Mix {

    /** The odd constant of SplitMix64, the golden ratio in 64 bits. */
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private Mix() {}

    static long of(long first, long second, long third) {
        return scramble(scramble(scramble(first + GOLDEN) + second) + third);
    }

    private static long scramble(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
