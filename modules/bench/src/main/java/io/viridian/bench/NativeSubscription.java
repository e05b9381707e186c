package io.viridian.bench;

import io.viridian.plan.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** PostgreSQL's own logical replication with the defaults of CREATE SUBSCRIPTION (manual 18, section 29). */
final class NativeSubscription implements Follower {
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    /** Also true before the tables are known, so it is asked after they are. */
    private static final String READY = """
            select count(*) > 0 and bool_and(srsubstate = 'r') from pg_subscription_rel
            """;

    private final Site site;
    private boolean exists;

    NativeSubscription(Site site) {
        this.site = site;
    }

    private String name() {
        return "native_" + site.database();
    }

    @Override
    public LoadTimes load() throws SQLException, InterruptedException {
        site.execute(Side.BLUE, "create publication native for all tables");
        try (Connection green = site.connect(Side.GREEN)) {
            long began = site.patience().clock().nanoTime();
            site.execute(
                    Side.GREEN,
                    "create subscription %s connection '%s' publication native"
                            .formatted(name(), site.libpq(Side.BLUE)));
            exists = true;
            site.patience().until("all tables are in sync", LOOK_EVERY, () -> Site.holds(green, READY));
            Duration whole = site.patience().clock().since(began);
            return new LoadTimes(whole, whole);
        }
    }

    @Override
    public void pause() throws SQLException, InterruptedException {
        site.execute(Side.GREEN, "alter subscription " + name() + " disable");
        site.untilNobodyReads();
    }

    @Override
    public void resume() throws SQLException {
        site.execute(Side.GREEN, "alter subscription " + name() + " enable");
    }

    /** Its workers try again for ever; the deadline is what ends that. */
    @Override
    public void demandWell() {}

    @Override
    public Optional<Double> shownLag() {
        return Optional.empty();
    }

    @Override
    public void close() throws SQLException {
        if (exists) {
            site.execute(Side.GREEN, "alter subscription " + name() + " disable");
            site.execute(Side.GREEN, "drop subscription " + name());
            exists = false;
        }
    }
}
