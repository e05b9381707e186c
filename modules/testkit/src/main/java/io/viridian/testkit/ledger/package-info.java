/**
 * The ledger workload: clients that write to a bank and remember, outside every database, what they were promised.
 * Blue, green and the way between them are right when the database agrees with the ledger: every acknowledged operation
 * there exactly once, every refused one absent, every row as its last acknowledged writer left it.
 *
 * <p>Exactness comes from ownership: each writer alone changes its own rows and knows their content; account balances,
 * which all writers change, only ever change by sums, whose order does not matter. An operation whose COMMIT got no
 * answer is settled by asking for its entry before the writer goes on, so uncertainty never spreads.
 *
 * <p>Threads: one virtual thread per writer. Models belong to their writer while it runs and to the checker while it is
 * paused.
 */
@NullMarked
package io.viridian.testkit.ledger;

import org.jspecify.annotations.NullMarked;
