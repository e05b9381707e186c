package io.viridian.daemon.config;

/** What reads the change stream. */
public enum CaptureEngine {
    PGOUTPUT,
    DEBEZIUM
}
