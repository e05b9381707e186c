/**
 * Opening green besides blue for a while, and closing it again.
 *
 * <p>Invariants: green is opened only by the daemon whose epoch the progress row names, in the transaction that checks
 * it; it is closed behind a lock of its tables, so nobody's write is under way afterwards. Blue stays the owner in both
 * ownership rows. Threads: the conductor's. Never here: what becomes of rows that both sides change.
 */
@org.jspecify.annotations.NullMarked
package io.viridian.cutover.canary;
