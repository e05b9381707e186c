package io.viridian.daemon.config;

/** How thoroughly both sides are compared; each level includes the one before. */
public enum VerifyLevel {
    BASIC,
    STANDARD,
    RIGOROUS,
    FORENSIC;

    /** What is there for whoever wants more than there is. */
    public static final String INSTEAD = "standard compares every row, and `viridian diff` shows rows that differ";

    /** Whether as much is compared as this says, or more. */
    public boolean built() {
        return this == BASIC || this == STANDARD;
    }
}
