package io.viridian.plan;

/** Which way rows travel. */
public enum Direction {
    FORWARD(Side.BLUE),
    REVERSE(Side.GREEN);

    private final Side source;

    Direction(Side source) {
        this.source = source;
    }

    public Side source() {
        return source;
    }

    public Side target() {
        return source.other();
    }

    public Direction opposite() {
        return from(target());
    }

    public String text() {
        return this == FORWARD ? "forward" : "reverse";
    }

    /** The direction that leaves the given side. */
    public static Direction from(Side source) {
        return source == Side.BLUE ? FORWARD : REVERSE;
    }
}
