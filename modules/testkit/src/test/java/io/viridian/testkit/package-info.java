/** Tests of the testkit itself: a checker that nobody saw fail proves nothing. */
@NullMarked
package io.viridian.testkit;

import org.jspecify.annotations.NullMarked;
