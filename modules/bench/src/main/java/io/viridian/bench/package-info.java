/**
 * The benchmark: Viridian side by side with what PostgreSQL itself offers, on fresh servers, in one run. Figures of two
 * machines cannot be compared, so what counts are the ratios, and the ways to do the same thing take turns.
 *
 * <p>Everything is the real thing: servers, the daemon with the defaults of its configuration, native subscriptions,
 * the driver's COPY and replication API. Each way gets databases of its own, copied from one template; whatever it
 * leaves in green is counted before its time counts. Every wait has a deadline.
 *
 * <p>What was measured goes to a file, and the page and the drawings are made from the file: no figure is typed.
 *
 * <p>Threads: one measures; the daemon, the parts of a copy and the writers have their own.
 */
@NullMarked
package io.viridian.bench;

import org.jspecify.annotations.NullMarked;
