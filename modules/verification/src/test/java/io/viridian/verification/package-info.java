/**
 * The verifier against real servers. {@link io.viridian.verification.TestPair} is a blue and a green database with a
 * plan between them; {@link io.viridian.verification.StillLane} stands in for a lane where nothing moves, {@link
 * io.viridian.verification.StreamLane} is a small lane that does apply.
 */
@NullMarked
package io.viridian.verification;

import org.jspecify.annotations.NullMarked;
