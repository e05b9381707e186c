package io.viridian.model.cutover;

import io.viridian.model.Side;
import io.viridian.model.Who;
import java.util.Locale;

/**
 * A pooler in front of the applications.
 *
 * @param used whether there is one; without it every client connects directly
 * @param route the side it leads to
 * @param paused whether it keeps its clients waiting
 * @param warden the process that resumes it when its daemon dies or stands still
 * @param postedBy the daemon whose end the warden notices
 */
record Pooler(boolean used, Side route, boolean paused, Warden warden, Who postedBy) {
    /** What the warden does. */
    enum Warden {
        NONE,
        WATCHING
    }

    static Pooler firstDay(boolean used) {
        return new Pooler(used, Side.BLUE, false, Warden.NONE, Who.NOBODY);
    }

    Pooler held(Who by, Warden watching) {
        return new Pooler(used, route, true, watching, by);
    }

    /** Resumes, and says so to the warden. */
    Pooler released() {
        return new Pooler(used, route, false, Warden.NONE, Who.NOBODY);
    }

    Pooler leading(Side to) {
        return new Pooler(used, to, paused, warden, postedBy);
    }

    Pooler unwatched() {
        return new Pooler(used, route, paused, Warden.NONE, Who.NOBODY);
    }

    @Override
    public String toString() {
        return used
                ? "leads to " + route + (paused ? ", paused" : "")
                        + (warden == Warden.NONE
                                ? ""
                                : ", warden " + warden.name().toLowerCase(Locale.ROOT))
                : "none";
    }
}
