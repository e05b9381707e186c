/**
 * Leading the applications to the side that owns the writes. Never what keeps the data safe: the guard of the closed
 * side refuses whoever goes there. So every switcher is repeated until it is observed to have worked, in both
 * directions, by the conductor's thread, and nothing here is ever undone by itself.
 */
@NullMarked
package io.viridian.cutover.traffic;

import org.jspecify.annotations.NullMarked;
