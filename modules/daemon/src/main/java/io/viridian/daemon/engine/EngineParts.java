package io.viridian.daemon.engine;

import io.viridian.daemon.config.Settings;
import io.viridian.fault.Failpoints;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.time.Clock;

/**
 * What every part of the engine works with.
 *
 * @param journalDatabase where the journal lives: blue unless configured otherwise, or unless that does not answer
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

    /** Whether the journal that is used lives in a database of its own. */
    public boolean journalApart() {
        return journalDatabase != blue;
    }

    /** Whether the journal has a database of its own, and one on blue stands in for it. */
    public boolean interim() {
        return settings.journal().isPresent() && !journalApart();
    }

    /** The same with a journal on blue, wherever it should live. */
    EngineParts withJournalOnBlue() {
        return new EngineParts(settings, blue, green, blue, failpoints, clock);
    }
}
