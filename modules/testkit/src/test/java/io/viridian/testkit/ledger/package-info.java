/** The ledger tells the truth: a sound database passes, and every way to break one is found. */
@NullMarked
package io.viridian.testkit.ledger;

import org.jspecify.annotations.NullMarked;
