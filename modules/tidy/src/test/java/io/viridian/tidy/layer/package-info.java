/**
 * Who may see whom: the layers, the one home of each library, and the few calls that only one package may make. Checked
 * on compiled classes, so a dependency cannot hide behind a fully qualified name or a method reference.
 */
@NullMarked
package io.viridian.tidy.layer;

import org.jspecify.annotations.NullMarked;
