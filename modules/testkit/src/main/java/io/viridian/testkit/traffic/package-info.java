/** Real programs that stand between clients and servers, started for a test. */
@NullMarked
package io.viridian.testkit.traffic;

import org.jspecify.annotations.NullMarked;
