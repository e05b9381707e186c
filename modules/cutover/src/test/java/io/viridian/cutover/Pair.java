package io.viridian.cutover;

import io.viridian.fault.Failpoints;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.Plan;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planned;
import io.viridian.plan.Planner;
import io.viridian.plan.Side;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * A fresh blue and a fresh green database with tables, ownership rows and guards, as a migration has them when READY.
 */
public final class Pair implements AutoCloseable {
    public static final String MIGRATION = "shop-v2";

    public static final String ACCOUNTS =
            "create table public.accounts (id bigint primary key, balance bigint not null);";

    private static final String CONTROL = """
            create schema viridian;
            create table viridian.ownership (migration text primary key, side text not null, owner text not null,
                epoch bigint not null, state text not null, fence_lsn pg_lsn, reverse_lsn pg_lsn, nonce text,
                changed_at timestamptz not null default clock_timestamp());
            create table viridian.progress (migration text, direction text, lsn pg_lsn not null, source_time timestamptz, source_log text,
                epoch bigint not null, transactions bigint default 0, rows bigint default 0, changed_at timestamptz,
                primary key (migration, direction));
            """;

    public final PostgresServer blueServer;
    public final PostgresServer greenServer;
    public final Database blue;
    public final Database green;
    final Closing closing;
    MappingSpec mapping = MappingSpec.everythingAsItIs();

    private Pair(ServerPair servers, Database blue, Database green, Closing closing) {
        this.closing = closing;
        this.blueServer = servers.blue();
        this.greenServer = servers.green();
        this.blue = blue;
        this.green = green;
    }

    /** With the accounts table. */
    public static Pair create() throws SQLException {
        return create(ServerPair.shared(14, 18), ACCOUNTS);
    }

    /** The same, with no trigger on blue. */
    public static Pair closedBySessions() throws SQLException {
        return create(ServerPair.shared(14, 18), ACCOUNTS, Closing.SESSIONS);
    }

    public static Pair create(ServerPair servers, String tables) throws SQLException {
        return create(servers, tables, Closing.GUARD);
    }

    static Pair create(ServerPair servers, String tables, Closing closing) throws SQLException {
        String name = servers.blue().freshDatabase("cutover");
        servers.green().createDatabase(name);
        Pair pair = new Pair(
                servers,
                database(Side.BLUE, servers.blue(), servers.blue().jdbcUrl(name)),
                database(Side.GREEN, servers.green(), servers.green().jdbcUrl(name)),
                closing);
        for (Side side : Side.values()) {
            pair.on(side).run(session -> {
                session.execute(CONTROL + tables);
                OwnershipRows.create(session, MIGRATION);
            });
        }
        pair.installGuards();
        return pair;
    }

    static Database database(Side side, PostgresServer server, String url) {
        return new Database(new Endpoint(side, url, Map.of("user", server.superuser())), "viridian test");
    }

    void installGuards() {
        if (closing == Closing.GUARD) {
            blue.run(session -> guard().install(session, plan().tablesOn(Side.BLUE)));
        } else {
            blue.run(guard()::install);
        }
        green.run(session -> guard().install(session, plan().tablesOn(Side.GREEN)));
    }

    public Guard guard() {
        return Guard.between(MIGRATION, blue, green);
    }

    public Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    PostgresServer server(Side side) {
        return side == Side.BLUE ? blueServer : greenServer;
    }

    public String databaseName() {
        return blue.endpoint().jdbcUrl().replaceFirst(".*/", "");
    }

    /** As an application comes: a superuser with nothing of ours set. */
    public Connection application(Side side) throws SQLException {
        return server(side).connect(databaseName());
    }

    public Plan plan() {
        Planned planned = Planner.plan(new PlanRequest(
                MIGRATION,
                List.of(TablePattern.EVERY_TABLE),
                List.of(),
                mapping,
                blue.query(CatalogReader::read),
                green.query(CatalogReader::read),
                true,
                true));
        if (planned.refused()) {
            throw new IllegalStateException("the plan is refused: " + planned.findings());
        }
        return planned.plan();
    }

    public String ask(Side side, String sql) {
        return on(side).query(session -> session.one(sql, row -> row.text(1)));
    }

    Ownership row(Side side) {
        return on(side).query(session -> OwnershipRows.read(session, MIGRATION)).orElseThrow();
    }

    GuardState guardOf(Side side) {
        return on(side).query(Guard::inspect);
    }

    /** What a dead host leaves behind once the server has noticed: none of the daemon's connections. */
    void killDaemonSessions() throws SQLException {
        for (PostgresServer server : List.of(blueServer, greenServer)) {
            server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + databaseName()
                    + "' and application_name like 'viridian test%' and application_name not like '%control'");
        }
    }

    public SwitchRig rig() {
        return new SwitchRig(this, Failpoints.NONE);
    }

    @Override
    public void close() {
        blue.close();
        green.close();
    }
}
