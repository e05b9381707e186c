/**
 * The merge rule: rows are copied in chunks while the change stream runs, and the result is exact.
 *
 * <p><b>What runs.</b> Blue commits a few transactions over three keys in two ranges. Each commit is two events: the
 * record is written, from which moment it is streamed, and later, in any order among those that share no row, it
 * becomes visible to snapshots. The daemon receives records in log order, keeps the unsettled set U, and applies what
 * concerns copied ranges in one ordered lane whose progress row is committed with the rows. Each range becomes a chunk:
 * window opened and seeded from U, snapshot, rows, marker, fold at the marker, one commit with the ledger. Memory may
 * be lost at any moment; the stream then begins again at the slot's confirmed position. A replaced daemon may still
 * send the commit of its chunk.
 *
 * <p><b>What is demanded.</b> At every moment each copied range of green equals that range of blue at the prefix given
 * by the progress row (I3; the protocol demands it only outside the backfill); ranges that are not copied are empty; no
 * partial image meets a key without a row; and in the end green equals blue.
 *
 * <p><b>What is left out, and why that is safe.</b>
 * <ul>
 *   <li>The lane applies one transaction at a time. A window of several commits them together, so it passes through
 *   fewer
 *       states, not through others, as long as a window ends at a marker.
 *   <li>Rows of a chunk are read at one moment: a snapshot does not change while it is read.
 *   <li>A rolled-back transaction writes nothing to the stream and is never visible: it does not exist.
 *   <li>Log positions are indexes of records. Only their order is used.
 *   <li>A crash of green, which may lose its last commits together with their progress, is a crash of the daemon before
 *       those commits, because nothing is confirmed to the slot before it is flushed (I2).
 *   <li>Key changes are a removal and an insert. One with an unchanged large column that leaves a range not yet copied
 *   is
 *       not modelled; the protocol reads such a row again from blue. Truncation is not modelled; it discards windows.
 *   <li>Three keys, two or three transactions: each rule is about one key, one snapshot and one marker; a second range
 *       and a second transaction are there for what may overtake them.
 *   <li>What makes no difference any more makes no states: the confirmed position and the progress of empty commits are
 *       dropped from the state when no restart is to come and no replaced daemon is left that could read them.
 * </ul>
 *
 * <p>Single-threaded and pure.
 */
@NullMarked
package io.viridian.model.merge;

import org.jspecify.annotations.NullMarked;
