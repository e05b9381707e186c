/** Tests of the hooks: real processes, real requests. */
@NullMarked
package io.viridian.cutover.hook;

import org.jspecify.annotations.NullMarked;
