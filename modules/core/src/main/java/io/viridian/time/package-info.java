/**
 * The only users of the system clock and of waiting. Everything that measures or waits takes a {@link Clock} or a
 * {@link Waiter}, so a test decides how time passes. Safety never rests on wall-clock time: it rests on epochs and
 * log positions; these types serve durations, deadlines and display.
 */
@NullMarked
package io.viridian.time;

import org.jspecify.annotations.NullMarked;
