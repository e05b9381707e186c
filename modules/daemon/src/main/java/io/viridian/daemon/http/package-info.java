/**
 * The control API over HTTP: {@link io.viridian.daemon.http.HttpServer} serves what a
 * {@link io.viridian.control.MigrationControl} knows, and hands requests for operations to it. Vert.x reads and writes
 * the sockets on its own threads; every call into the control runs on a virtual thread, bounded in number.
 *
 * <p>Invariants: nothing is changed without a token; every path, also a wrong one, answers in JSON that says what to
 * do; every field name of the contract stands in this package as text. It decides nothing about the migration.
 */
@NullMarked
package io.viridian.daemon.http;

import org.jspecify.annotations.NullMarked;
