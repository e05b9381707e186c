/**
 * Moving the ownership of the writes from one side to the other. The {@link Guard} on every table is what makes a side
 * closed; the ownership rows say which side is open, and the decision is always written on the side being closed, in
 * the commit that closes it. One class per step of the switch; the conductor's thread runs them. Both directions are
 * the same code with the sides swapped. Nothing here ever opens a side without having read that the other one is
 * closed.
 */
@NullMarked
package io.viridian.cutover;

import org.jspecify.annotations.NullMarked;
