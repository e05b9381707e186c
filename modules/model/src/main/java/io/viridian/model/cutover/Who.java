package io.viridian.model.cutover;

/** The two daemons, where it is told whose connection something is. */
enum Who {
    NOBODY,
    FIRST,
    SECOND;

    Who other() {
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
