/**
 * The whole cutover, its rollback and a cutover after that, step by step as the daemon does it ({@code SwitchRun},
 * {@code Conductor} and the package {@code io.viridian.cutover}).
 *
 * <p><b>What runs.</b> Two servers with ownership row, guard, locks, log, progress row and slot. Two daemons, of which
 * one may be replaced while it is alive, each with two lanes: the one that reads the owner applies, the other one
 * watches and lets the slot forget what it has seen. A journal with intent, ROUTE and end of a switch, and the lease. A
 * pooler with its warden, or clients that write wherever a guard lets them. A switch is: intent journaled, claim,
 * pause, locks, fence marker, drain, reverse marker, proof, commit point; look, lane turned, row taken, guard opened;
 * journal, route, journal. Up to the commit point it may be given up at any moment. Answers and sessions may be lost,
 * daemons and wardens may die, a standby may be promoted that has or has not the commit point.
 *
 * <p><b>What is durable where.</b> Row, guard, log, rows and progress row with the server, also through a fail-over;
 * journal and lease with the journal; the route and the pause with the pooler. Locks, an open transaction and a commit
 * in flight belong to a session. Everything else is a daemon's memory and forgotten by its crash.
 *
 * <p><b>What is left out, and why that is safe.</b>
 * <ul>
 *   <li>Verification and sequences lie between drain and proof. They can only give the attempt up, which is an action.
 *   <li>A budget is time: giving up may happen at any moment, and so may the end of a warden's patience.
 *   <li>Whether a client hears of its commit makes no difference: what was committed is demanded, which is more than
 *       what was acknowledged.
 *   <li>Advisory locks. Another daemon may take over at any time, as if they did not exist.
 *   <li>A lane writes one transaction, or moves over what is not to be written, in one step. It reads and commits in
 *       two only when its stream is cut in between. What happens inside is the merge model.
 *   <li>The guard's token. The lanes pass a closed guard; what stops them is the progress row.
 *   <li>Two markers of a switch are entries of the logs; heartbeats, the desk's operations and halts that a person
 *       resumes are steps without an entry.
 *   <li>The journal's own server. It may be away, which is a daemon that is not scheduled; what it has said stays.
 *   <li>A plan without a way back. It has no second lane, and its commit point cannot compare the progress row.
 * </ul>
 *
 * <p><b>What is assumed.</b> Servers come back or their standbys are promoted; a commit in flight ends some day; a
 * server ends the sessions of daemons that are gone. A promoted standby has every commit that was visible, but for a
 * commit point that nobody has looked at yet. It does not have the slot.
 *
 * <p>Single-threaded and pure.
 */
@NullMarked
package io.viridian.model.cutover;

import org.jspecify.annotations.NullMarked;
