/**
 * The demonstration: a sample shop moves from PostgreSQL 14 to PostgreSQL 18 while its clients write, there, back and
 * there again. Everything is the real thing: servers, the daemon as {@code viridian run} starts it, its HTTP API, the
 * files of {@code examples/shop}.
 *
 * <p>What is told at the end comes from the clients and not from the daemon: how long they could not write, and whether
 * every write that was acknowledged is on the last owner exactly once.
 *
 * <p>Threads: one conducts, one is the daemon's, one for each client. Ledgers belong to their client while it runs and
 * to the conductor afterwards.
 */
@NullMarked
package io.viridian.demo;

import org.jspecify.annotations.NullMarked;
