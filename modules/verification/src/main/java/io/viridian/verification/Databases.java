package io.viridian.verification;

import io.viridian.plan.Side;
import io.viridian.postgres.Database;

/** Both sides' databases. The verifier opens its own sessions there and never closes these. */
public record Databases(Database blue, Database green) {
    public Databases {
        if (blue.side() != Side.BLUE || green.side() != Side.GREEN) {
            throw new IllegalArgumentException("sides mixed up: " + blue.endpoint() + ", " + green.endpoint());
        }
    }

    Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }
}
