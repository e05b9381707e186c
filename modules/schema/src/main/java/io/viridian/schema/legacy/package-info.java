/**
 * Blue's tables as views on green, so that an application that knows the old schema reads and writes there unchanged,
 * and a record of who still does.
 */
@NullMarked
package io.viridian.schema.legacy;

import org.jspecify.annotations.NullMarked;
