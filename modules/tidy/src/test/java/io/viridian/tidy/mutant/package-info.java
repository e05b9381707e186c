/**
 * Demands that the deliberate bugs of {@code make mutants} still fit the code. They are put in and run only there.
 */
@NullMarked
package io.viridian.tidy.mutant;

import org.jspecify.annotations.NullMarked;
