/** What the tests of both packages stand on: two databases and a plan between them. */
@NullMarked
package io.viridian.schema;

import org.jspecify.annotations.NullMarked;
