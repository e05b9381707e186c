package io.viridian.migration;

/** How far a time with two writable sides is. */
public enum CanaryPhase {
    /** Green is being opened. */
    OPENING,
    /** Applications write on both sides. */
    OPEN,
    /** Green is being closed, and what it has alone is led to blue. */
    CLOSING
}
