/**
 * Tests of the shell scripts that everybody runs before any Java does.
 */
@NullMarked
package io.viridian.tidy.script;

import org.jspecify.annotations.NullMarked;
