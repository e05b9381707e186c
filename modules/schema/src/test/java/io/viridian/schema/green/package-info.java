/** Tests of green's schema on real servers. */
@NullMarked
package io.viridian.schema.green;

import org.jspecify.annotations.NullMarked;
