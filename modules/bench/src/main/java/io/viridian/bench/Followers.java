package io.viridian.bench;

import java.nio.file.Path;

/** Who follows in which way. */
final class Followers {
    private Followers() {}

    static Follower of(Way way, Site site, Path directory) {
        Path own = directory.resolve(site.database());
        if (way.equals(Way.NATIVE)) {
            return new NativeSubscription(site);
        }
        if (way.equals(Way.PGLOGICAL)) {
            return new Pglogical(site);
        }
        return way.equals(Way.DEBEZIUM)
                ? ViridianHere.readBy("debezium", site, own)
                : new ViridianHere(site, shape(way), own);
    }

    static Shape shape(Way way) {
        if (way.equals(Way.COMPUTED)) {
            return Shape.COMPUTED;
        }
        return way.equals(Way.MAPPED) ? Shape.MAPPED : Shape.SAME;
    }
}
