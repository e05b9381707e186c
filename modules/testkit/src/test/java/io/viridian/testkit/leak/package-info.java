/** Leftovers of every kind are seen, and their absence too. */
@NullMarked
package io.viridian.testkit.leak;

import org.jspecify.annotations.NullMarked;
