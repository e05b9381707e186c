package io.viridian.model.cutover;

/** The two databases. */
enum Side {
    BLUE,
    GREEN;

    Side other() {
        return this == BLUE ? GREEN : BLUE;
    }

    @Override
    public String toString() {
        return this == BLUE ? "blue" : "green";
    }
}
