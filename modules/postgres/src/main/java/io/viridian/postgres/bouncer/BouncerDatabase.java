package io.viridian.postgres.bouncer;

/**
 * One line of {@code SHOW DATABASES}.
 *
 * @param host where its connections lead; empty for a Unix socket
 * @param database what it is called there
 * @param sessionPooling whether a client keeps its server connection until it leaves
 * @param paused whether clients wait
 */
public record BouncerDatabase(
        String name, String host, int port, String database, boolean sessionPooling, boolean paused) {}
