package io.viridian.bench;

import java.nio.file.Path;

/** Who follows in which way. */
final class Followers {
    private Followers() {}

    static Follower of(Way way, Site site, Path directory) {
        return way.equals(Way.NATIVE)
                ? new NativeSubscription(site)
                : new ViridianHere(site, shape(way), directory.resolve(site.database()));
    }

    static Shape shape(Way way) {
        return way.equals(Way.MAPPED) ? Shape.MAPPED : Shape.SAME;
    }
}
