package io.viridian.plan;

/** The two databases, as identities that never change. Source and target are roles and depend on the direction. */
public enum Side {
    BLUE,
    GREEN;

    public Side other() {
        return this == BLUE ? GREEN : BLUE;
    }

    /** As users read and write it. */
    public String text() {
        return this == BLUE ? "blue" : "green";
    }

    public static Side parse(String text) {
        return switch (text) {
            case "blue" -> BLUE;
            case "green" -> GREEN;
            default -> throw new IllegalArgumentException("not a side: '" + text + "' (blue or green)");
        };
    }
}
