/**
 * Explores the model of the whole cutover and every mistake in it; the assertions are about the essence of each
 * counter-example.
 */
@NullMarked
package io.viridian.model.cutover;

import org.jspecify.annotations.NullMarked;
