package io.viridian.daemon.config;

import io.viridian.plan.Direction;
import java.util.Set;

/** The switches in which a hook is run. */
public enum HookDirections {
    CUTOVER,
    ROLLBACK,
    BOTH;

    /** As the engine calls them. */
    public Set<Direction> set() {
        return switch (this) {
            case CUTOVER -> Set.of(Direction.FORWARD);
            case ROLLBACK -> Set.of(Direction.REVERSE);
            case BOTH -> Set.of(Direction.FORWARD, Direction.REVERSE);
        };
    }
}
