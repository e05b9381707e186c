/**
 * The process: what the command line runs inside itself instead of asking a daemon, and what version all of it is. It
 * wires the other packages and decides nothing.
 */
@NullMarked
package io.viridian.daemon;

import org.jspecify.annotations.NullMarked;
