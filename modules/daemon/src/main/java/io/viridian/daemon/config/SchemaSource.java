package io.viridian.daemon.config;

/** Who creates green's tables. */
public enum SchemaSource {
    /** A Liquibase changelog. */
    CHANGELOG,
    /** A dump of blue's schema. */
    BLUE,
    /** Nobody: green is ready as it is. */
    NONE
}
