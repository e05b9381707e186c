package io.viridian.cutover;

import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import java.util.Optional;

/**
 * What one side says about who owns the writes: its row of {@code viridian.ownership}.
 *
 * @param side whose row it is
 * @param epoch counts the transfers; the higher one is the later word
 * @param fence where the last transfer away from this side was drained
 * @param reverse from where on the other direction applies after it
 * @param nonce the attempt that may transfer (while OPEN) or did (when TRANSFERRED)
 */
public record Ownership(
        Side side,
        Side owner,
        long epoch,
        State state,
        Optional<Lsn> fence,
        Optional<Lsn> reverse,
        Optional<String> nonce) {
    /** Whether applications may write on the row's side. */
    public enum State {
        /** They may. */
        OPEN,
        /** They never could; a new green begins so. */
        CLOSED,
        /** They could until this side handed the writes over. */
        TRANSFERRED
    }

    /** OPEN says that the side itself owns, the others that the other one does or will. */
    boolean consistent() {
        return switch (state) {
            case OPEN -> owner == side;
            case CLOSED, TRANSFERRED -> owner == side.other();
        };
    }
}
