/**
 * Explores the ownership model and every mistake in it; the assertions are about the essence of each counter-example.
 */
@NullMarked
package io.viridian.model.ownership;

import org.jspecify.annotations.NullMarked;
