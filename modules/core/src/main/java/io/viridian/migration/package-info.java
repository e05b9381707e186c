/**
 * The lifecycle of one migration. A state is a record, a transition is a method on it, the lifecycle is one exhaustive
 * switch in the {@link Conductor}, and the {@link Journal} is append-only: the intent is written before the deed.
 * One thread, the conductor's, moves the state; everybody else only reads it or submits an {@link Operation}.
 */
@NullMarked
package io.viridian.migration;

import org.jspecify.annotations.NullMarked;
