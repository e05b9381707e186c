package io.viridian.daemon.http;

import io.viridian.daemon.config.Role;

/**
 * Who asks, as the token says.
 *
 * @param name behind the token
 */
record Caller(String name, Role role) {}
