/** Tests of the journal on real servers; what runs on {@link InMemoryJournal} too is the contract. */
@NullMarked
package io.viridian.journal;

import org.jspecify.annotations.NullMarked;
