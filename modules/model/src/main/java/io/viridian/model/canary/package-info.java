/**
 * Both sides are written while two lanes lead the changes of each to the other, with an arbiter between them ({@code
 * io.viridian.replication.canary} and {@code ContestedWriting}; decision 0055).
 *
 * <p><b>What runs.</b> Two servers with one row, a log, a progress row and what was kept of conflicts; applications
 * that make, change and remove the row on either side whenever it is not locked; one daemon with two lanes and two
 * receivers. A lane takes the next change that was read, writes it into an open transaction, and waits until the
 * other stream is read up to a marker written after that; then it commits, or undoes it and settles the row behind a
 * lock of its table on both sides. A change that does not find the row as it expects it holds no lock while it looks.
 * Answers may be lost, to a window and to a settlement, whose commit may take effect long afterwards; streams break;
 * the daemon dies anywhere.
 *
 * <p><b>What is durable where.</b> Row, log, progress row and conflicts with the server. Locks die with a session, but
 * for a commit under way. How far a stream was read, what is known to be applied and what is known to be settled is
 * memory of the daemon.
 *
 * <p><b>What is left out, and why that is safe.</b>
 * <ul>
 *   <li>Other rows. Locks of rows, what is under way and what was settled are told apart by row; a table's lock can
 *   only
 *       delay. Rows that are settled together because a constraint ties them together are not modelled.
 *   <li>Windows of several transactions. They are compared and left out one by one, and committed together.
 *   <li>Policies. Either side may win, at every conflict anew: that is more than any policy does. Standing before a
 *       conflict is a daemon that is not scheduled.
 *   <li>A stream that does not tell in time, memory that is used up. The window is undone and begun again, as after
 *       a crash that has forgotten less.
 *   <li>A daemon that is replaced while it is alive. Lanes and settlements compare the epoch in their own commits, as
 *       in the model of the cutover.
 *   <li>Beginning and end. Lanes are turned before green opens; green closes behind a lock, then both are drained.
 * </ul>
 *
 * <p><b>What is assumed.</b> Whoever gets a row's lock sees what its last holder has committed, and a commit comes
 * before every marker that was written after it was seen.
 *
 * <p>Single-threaded and pure.
 */
@NullMarked
package io.viridian.model.canary;

import org.jspecify.annotations.NullMarked;
