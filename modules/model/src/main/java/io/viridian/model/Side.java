package io.viridian.model;

/** The two databases. */
public enum Side {
    BLUE,
    GREEN;

    public Side other() {
        return this == BLUE ? GREEN : BLUE;
    }

    @Override
    public String toString() {
        return this == BLUE ? "blue" : "green";
    }
}
