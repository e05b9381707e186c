/**
 * Wiring: the deeds behind the states, put together from the modules that know how to do them. Decides nothing that a
 * module could decide; the order of preparation and removal is written down here, in one place each.
 */
@NullMarked
package io.viridian.daemon.engine;

import org.jspecify.annotations.NullMarked;
