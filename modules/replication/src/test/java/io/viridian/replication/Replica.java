package io.viridian.replication;

import io.viridian.fault.Failpoints;
import io.viridian.feed.Marker;
import io.viridian.plan.Catalog;
import io.viridian.plan.Direction;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.Plan;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planned;
import io.viridian.plan.Planner;
import io.viridian.plan.Side;
import io.viridian.plan.TablePattern;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.postgres.pgoutput.PgoutputSource;
import io.viridian.postgres.slot.Origins;
import io.viridian.postgres.slot.Publications;
import io.viridian.postgres.slot.Slots;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.backfill.BackfillSettings;
import io.viridian.replication.backfill.PostgresChunkLedger;
import io.viridian.replication.backfill.SourceRows;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.Markers;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A blue and a green database with the control tables, a publication, a slot, and lanes on demand. */
final class Replica implements AutoCloseable {
    static final String MIGRATION = "test";
    private static final String CONTROL = """
            create schema viridian;
            create table viridian.ownership (migration text primary key, owner text, epoch bigint);
            insert into viridian.ownership values ('test', 'blue', 1);
            create table viridian.progress (migration text, direction text, lsn pg_lsn not null, source_time timestamptz,
                epoch bigint not null, transactions bigint default 0, rows bigint default 0, changed_at timestamptz,
                primary key (migration, direction));
            create table viridian.chunk (migration text, source text, number int, attempt int, low text[], high text[],
                kind text, state text, rows bigint, bytes bigint, snapshot text, marker_lsn pg_lsn, changed_at timestamptz,
                primary key (migration, source, number));
            """;

    final Database blue;
    final Database green;
    final PostgresServer blueServer;
    final PostgresServer greenServer;
    private final MappingSpec mapping;
    Failpoints failpoints = Failpoints.NONE;

    Replica(ServerPair pair, MappingSpec mapping, String blueSchema, String greenSchema) {
        blueServer = pair.blue();
        greenServer = pair.green();
        try {
            blue = database(pair.blue(), Side.BLUE);
            green = database(pair.green(), Side.GREEN);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        this.mapping = mapping;
        blue.run(session -> session.execute(CONTROL + blueSchema));
        green.run(session -> session.execute(CONTROL + greenSchema));
    }

    static Replica asItIs(ServerPair pair, String schema) {
        return new Replica(pair, MappingSpec.everythingAsItIs(), schema, schema);
    }

    private static Database database(PostgresServer server, Side side) throws SQLException {
        String name = server.freshDatabase("replica");
        return new Database(
                new Endpoint(side, server.jdbcUrl(name), Map.of("user", server.superuser())), "viridian test");
    }

    Catalog catalog(Database database) {
        return database.query(CatalogReader::read);
    }

    Plan plan() {
        Planned planned = Planner.plan(new PlanRequest(
                MIGRATION,
                List.of(TablePattern.EVERY_TABLE),
                List.of(),
                mapping,
                catalog(blue),
                catalog(green),
                true,
                true));
        if (planned.refused()) {
            throw new IllegalStateException("the plan is refused: " + planned.findings());
        }
        return planned.plan();
    }

    /** Publication, slot and progress row, so that the stream starts here. */
    void connect() {
        Plan plan = plan();
        String slot = LaneSettings.originOf(MIGRATION, Direction.FORWARD);
        blue.run(session -> Publications.create(session, slot, plan.tablesOn(Side.BLUE)));
        Lsn start = blue.query(session -> Slots.create(session, slot).confirmed());
        green.run(session -> {
            Origins.create(session, slot);
            session.update(
                    "insert into viridian.progress (migration, direction, lsn, epoch) values (?, 'forward', ?::pg_lsn, 1)",
                    MIGRATION,
                    start.toString());
        });
    }

    ApplyLane lane() {
        LaneSettings settings =
                new LaneSettings(MIGRATION, Direction.FORWARD, 1, 5000, Duration.ofMillis(50), 64L << 20);
        Plan plan = plan();
        ApplyLane lane = new ApplyLane(
                settings,
                new ApplyLane.LaneParts(
                        new PgoutputSource(blue, settings.slot(), settings.slot()),
                        blue,
                        green,
                        plan.forward(),
                        ledger(),
                        new SourceRows(blue, Clock.system()),
                        failpoints,
                        Clock.system()),
                true);
        lane.start();
        return lane;
    }

    PostgresChunkLedger ledger() {
        return new PostgresChunkLedger(green, MIGRATION, plan().forward());
    }

    Backfill backfill(ApplyLane lane, long wholeTableBytesMax, long chunkBytes) {
        return new Backfill(
                blue,
                green,
                plan(),
                catalog(blue),
                lane,
                ledger(),
                new BackfillSettings(MIGRATION, 1, 2, wholeTableBytesMax, chunkBytes, OptionalLong.empty()),
                target -> {},
                failpoints,
                Clock.system());
    }

    /** Waits until everything committed on blue before now is committed on green. */
    void drain(ApplyLane lane) throws InterruptedException {
        String nonce = Markers.emit(blue, MIGRATION, Marker.Kind.FENCE, Clock.system());
        lane.awaitMarker(nonce, Deadline.after(Clock.system(), Duration.ofSeconds(30)));
    }

    List<String> rows(Database database, String sql) {
        return database.query(session -> session.list(sql, row -> row.text(1)));
    }

    @Override
    public void close() {
        String slot = LaneSettings.originOf(MIGRATION, Direction.FORWARD);
        try {
            Slots.drop(blue, slot, Duration.ofSeconds(10));
            Origins.drop(green, slot, Duration.ofSeconds(10));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        blue.close();
        green.close();
    }
}
