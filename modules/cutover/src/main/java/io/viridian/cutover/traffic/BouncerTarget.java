package io.viridian.cutover.traffic;

/** Where a bouncer's database leads: a server as the bouncer reaches it, and what the database is called there. */
public record BouncerTarget(String host, int port, String database) {}
