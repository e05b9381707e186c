package io.viridian.cutover;

/** What came of asking one side for its ownership row. */
public sealed interface Reading {
    record Says(Ownership row) implements Reading {}

    /** The side answers and knows nothing of the migration. */
    record Nothing() implements Reading {}

    /** The side does not answer, so nothing may be concluded. */
    record Unreachable(String why) implements Reading {}
}
