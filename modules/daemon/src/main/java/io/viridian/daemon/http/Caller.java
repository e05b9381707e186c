package io.viridian.daemon.http;

/**
 * Who asks, as the token says.
 *
 * @param name behind the token
 */
record Caller(String name, Role role) {}
