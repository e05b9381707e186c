/** Proving that both sides hold the same rows: the port that the lifecycle calls, and what a verification tells. */
@NullMarked
package io.viridian.proof;

import org.jspecify.annotations.NullMarked;
