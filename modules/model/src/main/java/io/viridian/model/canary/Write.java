package io.viridian.model.canary;

/**
 * One change of the row by an application.
 *
 * @param number from 1 on, in the order of the commits
 * @param found whether the row was there before
 * @param leaves whether it is there afterwards
 * @param saw the writes that it was made on top of, a bit each
 */
record Write(int number, boolean found, boolean leaves, int saw) {
    int bit() {
        return 1 << number;
    }

    /** The row after it. */
    Row row() {
        return new Row(number, leaves, saw | bit());
    }

    /** Whether neither was made on top of the other. */
    boolean isConcurrentTo(Write other) {
        return (saw & other.bit()) == 0 && (other.saw & bit()) == 0;
    }

    @Override
    public String toString() {
        return "w" + number;
    }
}
