package io.viridian.model;

/** Two daemons, where it is told whose connection or lock something is. */
public enum Who {
    NOBODY,
    FIRST,
    SECOND;

    public Who other() {
        return switch (this) {
            case NOBODY -> NOBODY;
            case FIRST -> SECOND;
            case SECOND -> FIRST;
        };
    }

    @Override
    public String toString() {
        return switch (this) {
            case NOBODY -> "nobody";
            case FIRST -> "D1";
            case SECOND -> "D2";
        };
    }
}
