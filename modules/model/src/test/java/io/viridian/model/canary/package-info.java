/**
 * Explores the model of two writable sides and every mistake in it; the assertions are about the essence of each
 * counter-example.
 */
@NullMarked
package io.viridian.model.canary;

import org.jspecify.annotations.NullMarked;
