/**
 * Tests of the explorer itself, on models small enough to be checked by eye, and of the page made from the real ones.
 */
@NullMarked
package io.viridian.model;

import org.jspecify.annotations.NullMarked;
