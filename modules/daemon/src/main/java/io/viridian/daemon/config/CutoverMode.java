package io.viridian.daemon.config;

/** Who decides the moment of the switch. */
public enum CutoverMode {
    MANUAL,
    AUTO
}
