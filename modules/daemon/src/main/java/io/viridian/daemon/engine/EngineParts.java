package io.viridian.daemon.engine;

import io.viridian.daemon.config.Settings;
import io.viridian.fault.Failpoints;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.time.Clock;

/**
 * What every part of the engine works with.
 *
 * @param journalDatabase where the journal lives: blue unless configured otherwise
 */
public record EngineParts(
        Settings settings,
        Database blue,
        Database green,
        Database journalDatabase,
        Failpoints failpoints,
        Clock clock) {
    public String migration() {
        return settings.migration();
    }

    public Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    /** Closes the pools of all databases. */
    public void close() {
        blue.close();
        green.close();
        if (journalApart()) {
            journalDatabase.close();
        }
    }

    /** Whether the journal lives on neither side. */
    public boolean journalApart() {
        return settings.journal().isPresent();
    }
}
