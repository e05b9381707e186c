/**
 * Demands that pages which name tests name tests that exist. Reads the sources of all modules; never runs them.
 */
@NullMarked
package io.viridian.tidy.page;

import org.jspecify.annotations.NullMarked;
