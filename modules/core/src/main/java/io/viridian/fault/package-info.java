/**
 * Three kinds of failure, never confused. A <em>bug</em> is the impossible: {@link Invariant}. A <em>fault</em> is the
 * world failing: {@link Fault}, whose {@link FaultCode} knows what the operator can do and whether the daemon may try
 * again. An <em>ambiguity</em> is not knowing whether something happened: {@link Ambiguity}, never retried, resolved
 * by reading. The package also names the places at which tests let the daemon die: {@link CrashPoint}.
 */
@NullMarked
package io.viridian.fault;

import org.jspecify.annotations.NullMarked;
