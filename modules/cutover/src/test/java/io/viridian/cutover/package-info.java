/** Tests against real servers; only lanes and verifiers, which are not databases, are written by hand. */
@NullMarked
package io.viridian.cutover;

import org.jspecify.annotations.NullMarked;
