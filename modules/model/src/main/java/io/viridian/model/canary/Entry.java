package io.viridian.model.canary;

/**
 * One commit in a server's log. A position is a number of entries: everything before it.
 *
 * @param origin who committed it, as its replication origin says
 * @param write what it did to the row
 */
record Entry(Origin origin, Write write) {
    /** Whose transaction it is. */
    enum Origin {
        APPLICATION,
        LANE,
        SETTLEMENT
    }

    @Override
    public String toString() {
        return switch (origin) {
            case APPLICATION -> write.toString();
            case LANE -> "(" + write + ")";
            case SETTLEMENT -> "[" + write + "]";
        };
    }
}
