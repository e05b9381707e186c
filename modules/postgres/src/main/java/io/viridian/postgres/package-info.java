/**
 * Talking to PostgreSQL: sessions, errors, COPY. The only module that knows the driver and {@code java.sql}; everything
 * above sees {@link Session}, {@link Row} and {@link io.viridian.fault.FaultException}. A session belongs to one thread
 * at a time; only {@link Session#abort} may come from another.
 */
@NullMarked
package io.viridian.postgres;

import org.jspecify.annotations.NullMarked;
