/**
 * The checkout as the rules see it: modules, parsed source files, and the comments and strings a parser drops. Read
 * once per test class, immutable afterwards.
 */
@NullMarked
package io.viridian.tidy.source;

import org.jspecify.annotations.NullMarked;
