/**
 * Proving that the target holds what the mapping makes of the source: {@link PostgresVerifier}. One exact pair of
 * snapshots is taken on both servers while writers go on ({@code PairTaker}); then every table is compared as sums of
 * row hashes that the servers compute, and only where the sums differ are rows looked at, in the same two snapshots
 * ({@code Narrowing}). Nothing is ever written here, and nothing is mended: a repair is not a verification.
 *
 * <p>The caller's thread waits; named virtual threads talk to the servers, one per session. Whatever the end, no slot,
 * snapshot, lock or session is left behind, and no reading error ever looks like equality.
 */
@NullMarked
package io.viridian.verification;

import org.jspecify.annotations.NullMarked;
