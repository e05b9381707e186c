package io.viridian.daemon.config;

/** What becomes of a switch behind which the application fails. */
public enum OnFailing {
    TELL,
    ROLLBACK
}
