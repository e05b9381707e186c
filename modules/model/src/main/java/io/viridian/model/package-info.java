/**
 * A small explicit-state model checker, and in its sub-packages the places of the protocol where a mistake loses rows:
 * the merge of backfill and change stream, the ownership of the two sides, the whole cutover around it, and two sides
 * that are written at the same time.
 *
 * <p>A model is a set of first states, a list of named actions and a list of claims. {@link
 * io.viridian.model.Explorer} visits every state that the actions can reach, breadth first, so the counter-example it
 * prints is one of the shortest. Nothing is sampled: an answer of "holds" means every interleaving of the modelled
 * steps within the modelled bounds, and nothing beyond them. What each model leaves out, and why that is safe, is
 * written at the head of its package.
 *
 * <p>Pausing needs no action of its own: a process that is not scheduled for a while is paused, and every schedule is
 * explored. Time does not exist either; a timeout is an action that may happen at any moment.
 *
 * <p>Single-threaded, pure, no I/O. States are immutable values with {@code equals} and {@code hashCode}; two equal
 * states have the same future. Never used by the daemon: it depends on nothing and nothing depends on it.
 */
@NullMarked
package io.viridian.model;

import org.jspecify.annotations.NullMarked;
