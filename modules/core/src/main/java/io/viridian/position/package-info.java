/**
 * Positions in a server's write-ahead log, and the distance between two of them. Value types only: no I/O, any thread.
 */
@NullMarked
package io.viridian.position;

import org.jspecify.annotations.NullMarked;
