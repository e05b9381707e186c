/**
 * Writing changes to the target: the net effect of a slice of the stream as set-based SQL through the mapping, and,
 * when a unique value was handed from row to row, the same slice row by row in source order. PostgreSQL evaluates every
 * expression; nothing here interprets a value. One thread per session.
 */
@NullMarked
package io.viridian.replication.apply;

import org.jspecify.annotations.NullMarked;
