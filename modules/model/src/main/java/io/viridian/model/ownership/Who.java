package io.viridian.model.ownership;

/** The two daemons, and whose session holds the locks of a server. */
enum Who {
    NOBODY,
    FIRST,
    SECOND;

    @Override
    public String toString() {
        return switch (this) {
            case NOBODY -> "nobody";
            case FIRST -> "D1";
            case SECOND -> "D2";
        };
    }
}
