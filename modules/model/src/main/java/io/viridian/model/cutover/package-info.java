/** The whole cutover. */
@NullMarked
package io.viridian.model.cutover;

import org.jspecify.annotations.NullMarked;
