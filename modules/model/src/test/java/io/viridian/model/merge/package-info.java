/** Explores the merge model and every mistake in it; the assertions are about the essence of each counter-example. */
@NullMarked
package io.viridian.model.merge;

import org.jspecify.annotations.NullMarked;
