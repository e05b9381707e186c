/** Tests of the switchers: real servers, real files, real processes. */
@NullMarked
package io.viridian.cutover.traffic;

import org.jspecify.annotations.NullMarked;
