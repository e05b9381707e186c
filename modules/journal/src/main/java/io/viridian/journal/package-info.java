/**
 * The durable memory of a migration, in schema {@code viridian}: the {@link ControlSchema} on both sides, and in the
 * journal database the states, operations, events, leases and results. Nothing here decides anything. Every write may
 * be asked for twice with the effect of once, because the answer to a commit can be lost. All classes are safe for any
 * thread.
 */
@NullMarked
package io.viridian.journal;

import org.jspecify.annotations.NullMarked;
