/**
 * The ownership protocol: which side accepts writes, decided so that it is never two, and that it is one again whatever
 * broke in between.
 *
 * <p><b>What runs.</b> Two databases, each with an ownership row and a guard that change in one commit, and with the
 * lease of the daemon that may act on it. Two daemons, of which one may be replaced while it is paused at any step. A
 * switch takes the locks of the owner, which waits for writers in flight, takes the stop position, drains, and
 * transfers ownership in one commit on the side being fenced; then it opens the other side. The way back is the same
 * code with the sides swapped. The answer to the commit point may be lost while it is still in flight, locks may be
 * lost with their session, and daemons may crash. Applications begin and commit writes wherever the guard lets them.
 *
 * <p><b>What is demanded.</b> Never two writable sides (I4); a side that is open has every acknowledged write, which
 * also means that none is lost; no change is applied twice or to an open side (I1); the recovery never reads two
 * owners; and wherever nothing more happens, one side is writable and both have everything. From every state such an
 * end can be reached.
 *
 * <p><b>What is left out, and why that is safe.</b>
 * <ul>
 *   <li>Rows are numbers: each side's writes form a sequence and the other side has a prefix of it. What happens inside
 *       the prefix is the merge model.
 *   <li>Advisory locks and heartbeats are not modelled: another daemon may take over at any time, as if they did not
 *       exist. Safety then rests on the predicates alone.
 *   <li>A server that does not answer is a daemon that is not scheduled. No step is taken because a server is silent,
 *       except that it ends sessions of daemons that are gone, and that is an action of its own.
 *   <li>Every transaction of a daemon is one step, except the commit point, whose COMMIT may be in flight. The others
 *   are
 *       idempotent or refused by their predicate when they are repeated; a lost answer to the opening is modelled.
 *   <li>A commit in flight ends some day. That is the server's promise only if every session of a daemon has timeouts.
 *   <li>The verification at the fence, sequences, the proof of the reverse stream and routing lie between the drain and
 *       the commit point or after the opening. They can only give the switch up, which is an action, or delay it.
 *   <li>A fail-over of a server that loses its last commits is not modelled: the protocol holds the opening until a
 *       standby has the commit point.
 * </ul>
 *
 * <p>Single-threaded and pure.
 */
@NullMarked
package io.viridian.model.ownership;

import org.jspecify.annotations.NullMarked;
