/** Each gate passes on a healthy pair of real servers, and fails when it should. */
@NullMarked
package io.viridian.cutover.gate;

import org.jspecify.annotations.NullMarked;
