/**
 * What the operator has run or asked on the way: as a gate, before and after steps of a switch, behind it. A hook is
 * bounded in time and output, is told no secrets, and what cannot be asked counts as failed. Up to the commit point one
 * can undo a switch; behind it one can only be told of.
 */
@NullMarked
package io.viridian.cutover.hook;

import org.jspecify.annotations.NullMarked;
