@NullMarked
package io.viridian.schema.legacy;

import org.jspecify.annotations.NullMarked;
