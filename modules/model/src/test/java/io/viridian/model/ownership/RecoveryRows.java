package io.viridian.model.ownership;

import io.viridian.model.Side;
import io.viridian.model.ownership.Server.Ownership;

/** What a recovery reads: the two ownership rows, up to the absolute value of their epochs. */
public final class RecoveryRows {
    private RecoveryRows() {}

    public static String describe(OwnershipState state) {
        Ownership blue = state.blue().ownership();
        Ownership green = state.green().ownership();
        return "blue " + (blue.owner() == Side.BLUE ? "owns" : "fenced") + ", green "
                + (green.owner() == Side.GREEN ? "owns" : "fenced") + ", " + epochs(blue.epoch(), green.epoch());
    }

    private static String epochs(int blue, int green) {
        if (blue == green) {
            return "epochs equal";
        }
        return (blue > green ? "blue's" : "green's") + " epoch is higher";
    }
}
