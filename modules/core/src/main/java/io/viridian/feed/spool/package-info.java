/**
 * Where a transaction waits that cannot be handed on yet: in memory while there is room, else in a file that has no
 * name and goes with the process.
 */
@NullMarked
package io.viridian.feed.spool;

import org.jspecify.annotations.NullMarked;
