package io.viridian.daemon.config;

/** How thoroughly both sides are compared; each level includes the one before. */
public enum VerifyLevel {
    BASIC,
    STANDARD,
    RIGOROUS,
    FORENSIC
}
