/**
 * The house rules as failing tests, run over the checkout this module lives in. Sources are read with the JDK's own
 * parser, compiled classes with ArchUnit, and the compiler, formatter and dependency gates by breaking each on purpose.
 * Everything is read from disk, so this module comes last in the reactor; it changes nothing outside its own
 * {@code target}.
 */
@NullMarked
package io.viridian.tidy;

import org.jspecify.annotations.NullMarked;
