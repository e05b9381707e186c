package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.testkit.server.InstalledPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The extension of that name with the defaults of its functions, into tables that have their keys: restoring the keys
 * after the rows, as its copy of the schema would, is no faster. It takes a library in both servers, which only the
 * machine's packages may have. For the measuring thread.
 */
final class Pglogical implements Follower {
    private static final int SERVERS = 15;
    private static final String NAME = "pglogical";
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    /** A supervisor, and for each database a manager, who has a worker for each subscription and each copy. */
    private static final String WORKERS = "20";

    /** It has no set of all tables: what has no key can only be inserted into. */
    private static final String REPLICATE_ALL = """
            select pglogical.replication_set_add_table(
                case when exists (select from pg_index where indrelid = one.oid and indisprimary)
                    then 'default' else 'default_insert_only' end,
                one.oid)
            from pg_class one
            where one.relkind = 'r' and one.relnamespace = 'public'::regnamespace
            """;

    /** Since the minor releases of August 2026 a server decodes only by libraries that it was told to trust. */
    private static final String TRUST_PLUGIN = """
            do $$
            begin
                if current_setting('output_plugin_libraries', true) is not null then
                    execute format('alter database %I set output_plugin_libraries = pgoutput, pglogical_output',
                        current_database());
                end if;
            end
            $$
            """;

    private final Site site;
    private boolean exists;

    Pglogical(Site site) {
        this.site = site;
    }

    /** Servers that can have it, if this machine has them. */
    static Optional<InstalledPostgres> installed() {
        return InstalledPostgres.find(SERVERS).filter(postgres -> postgres.hasLibrary(NAME));
    }

    /** What its manual has both servers set, on top of what they have. */
    static Map<String, String> settings(Map<String, String> usual) {
        Map<String, String> settings = new HashMap<>(usual);
        settings.put("shared_preload_libraries", NAME);
        settings.put("max_worker_processes", WORKERS);
        settings.put("track_commit_timestamp", "on");
        return settings;
    }

    @Override
    public LoadTimes load() throws SQLException, InterruptedException {
        for (Side side : Side.values()) {
            site.execute(side, "create extension pglogical");
            site.execute(side, "select pglogical.create_node('%s', '%s')".formatted(node(side), site.libpq(side)));
        }
        site.execute(Side.BLUE, TRUST_PLUGIN);
        site.execute(Side.BLUE, REPLICATE_ALL);
        try (Connection green = site.connect(Side.GREEN)) {
            long began = site.patience().clock().nanoTime();
            site.execute(
                    Side.GREEN,
                    "select pglogical.create_subscription('%s', '%s', synchronize_data := true)"
                            .formatted(name(), site.libpq(Side.BLUE)));
            exists = true;
            site.patience().until("all tables are replicated", LOOK_EVERY, () -> Site.holds(green, ready()));
            Duration whole = site.patience().clock().since(began);
            return new LoadTimes(whole, whole);
        }
    }

    private String name() {
        return "pglogical_" + site.database();
    }

    private static String node(Side side) {
        return side == Side.BLUE ? "blue" : "green";
    }

    /** Its tables are known only when they have been copied, so they are counted too. */
    private String ready() {
        return """
            select (select status = 'replicating' from pglogical.show_subscription_status('%s'))
                and (select count(*) filter (where sync_relname is not null) = %d and bool_and(sync_status = 'r')
                     from pglogical.local_sync_status)
            """.formatted(name(), site.volume().tables().size());
    }

    @Override
    public void pause() throws SQLException, InterruptedException {
        enable(false);
        site.untilNobodyReads();
    }

    @Override
    public void resume() throws SQLException {
        enable(true);
    }

    private void enable(boolean enabled) throws SQLException {
        site.execute(
                Side.GREEN,
                "select pglogical.alter_subscription_%s('%s', immediate := true)"
                        .formatted(enabled ? "enable" : "disable", name()));
    }

    /** Its workers try again for ever; the deadline is what ends that. */
    @Override
    public void demandWell() {}

    @Override
    public Optional<Double> shownLag() {
        return Optional.empty();
    }

    /** Without its node a database loses its manager. Slot and origin go with the subscription. */
    @Override
    public void close() throws SQLException {
        if (exists) {
            site.execute(Side.GREEN, "select pglogical.drop_subscription('%s')".formatted(name()));
            for (Side side : Side.values()) {
                site.execute(side, "select pglogical.drop_node('%s')".formatted(node(side)));
            }
            exists = false;
        }
    }
}
