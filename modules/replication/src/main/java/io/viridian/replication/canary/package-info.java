/**
 * Two writable sides: which rows both have changed without having seen the other's change, and which of them stays.
 *
 * <p>Invariants: a row that no change of either side is under way for is equal on both sides. A conflict is settled
 * once, in one transaction of the side whose row goes, behind a lock of its table on both sides; that transaction holds
 * both images and the positions up to which the changes of either side are done with. Threads: the writers of both
 * lanes, one at a time, and the receivers of both streams. Never here: who may write, and when that begins and ends.
 */
@org.jspecify.annotations.NullMarked
package io.viridian.replication.canary;
