/** Targets that a query over mirrored tables fills, kept in the commits that change the mirrors. */
@NullMarked
package io.viridian.replication.derive;

import org.jspecify.annotations.NullMarked;
