/**
 * Proof that the gates of the build fire: a throw-away build with one deliberate violation per gate must fail for the
 * expected reason. A gate that silently stopped checking is worse than none.
 */
@NullMarked
package io.viridian.tidy.gate;

import org.jspecify.annotations.NullMarked;
