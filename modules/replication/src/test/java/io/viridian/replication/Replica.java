package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.Failpoints;
import io.viridian.fault.FaultException;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.Marker;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.plan.Catalog;
import io.viridian.plan.Derivation;
import io.viridian.plan.DerivedQuery;
import io.viridian.plan.Direction;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.Plan;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planned;
import io.viridian.plan.Planner;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.plan.TableShape;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.postgres.catalog.QueryReader;
import io.viridian.postgres.pgoutput.PgoutputSource;
import io.viridian.postgres.slot.Origins;
import io.viridian.postgres.slot.Publications;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import io.viridian.postgres.slot.WatchedPublication;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.backfill.BackfillSettings;
import io.viridian.replication.backfill.Brake;
import io.viridian.replication.backfill.KeyBuilder;
import io.viridian.replication.backfill.PostgresChunkLedger;
import io.viridian.replication.backfill.SourceRows;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.ChunkLedger;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.Markers;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A blue and a green database with the control tables, a publication, a slot, and lanes on demand. */
final class Replica implements AutoCloseable {
    static final String MIGRATION = "test";
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CONTROL = """
            create schema viridian;
            create table viridian.ownership (migration text primary key, owner text, epoch bigint);
            insert into viridian.ownership values ('test', 'blue', 1);
            create table viridian.progress (migration text, direction text, lsn pg_lsn not null, source_time timestamptz, source_log text,
                epoch bigint not null, transactions bigint default 0, rows bigint default 0, changed_at timestamptz,
                primary key (migration, direction));
            create table viridian.derived (migration text, target text, built_at timestamptz, primary key (migration, target));
            create table viridian.mirrored (migration text primary key, lsn pg_lsn not null, epoch bigint not null);
            create table viridian.lossy (migration text, target text, key text, epoch bigint,
                primary key (migration, target, key));
            create table viridian.stash (migration text, target text, owner text, key text, epoch bigint, row text[],
                primary key (migration, target, owner, key));
            create table viridian.chunk (migration text, source text, number int, attempt int, low text[], high text[],
                kind text, state text, rows bigint, bytes bigint, snapshot text, marker_lsn pg_lsn, changed_at timestamptz,
                primary key (migration, source, number));
            create table viridian.conflict (number bigserial primary key, migration text, target text, key text[], kind text,
                blue_row jsonb, green_row jsonb, blue_at timestamptz, green_at timestamptz, blue_lsn pg_lsn,
                green_lsn pg_lsn, policy text, outcome text, settled_at timestamptz default clock_timestamp());
            """;

    final Database blue;
    final Database green;
    final PostgresServer blueServer;
    final PostgresServer greenServer;
    final String blueName;
    final String greenName;
    final String slot = LaneSettings.originOf(MIGRATION, Direction.FORWARD);
    private final String slotBack = LaneSettings.originOf(MIGRATION, Direction.REVERSE);
    private final MappingSpec mapping;
    private final List<ApplyLane> lanes = new ArrayList<>();
    private @Nullable Plan bound;
    Failpoints failpoints = Failpoints.NONE;
    long epoch = 1;
    volatile boolean yields;
    final AtomicInteger askedWhetherToYield = new AtomicInteger();
    boolean reversible = true;
    int windowRows = 5000;
    long memoryBytes = 64L << 20;
    int workers = 2;
    long bytesPerSecondMax;
    Path spoolDirectory = Path.of(System.getProperty("java.io.tmpdir"), "viridian-spool");
    long spoolMemoryBytes = 1L << 20;

    /** Where the lane and the backfill connect to; through a proxy when a test wants to cut the network. */
    Database lanesBlue;

    Database lanesGreen;

    Replica(ServerPair pair, MappingSpec mapping, String blueSchema, String greenSchema) {
        blueServer = pair.blue();
        greenServer = pair.green();
        try {
            blueName = blueServer.freshDatabase("replica");
            greenName = greenServer.freshDatabase("replica");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        blue = database(blueServer.jdbcUrl(blueName), Side.BLUE);
        green = database(greenServer.jdbcUrl(greenName), Side.GREEN);
        lanesBlue = blue;
        lanesGreen = green;
        this.mapping = mapping;
        onBlue(CONTROL + blueSchema);
        onGreen(CONTROL + greenSchema);
    }

    static Replica asItIs(ServerPair pair, String schema) {
        return new Replica(pair, MappingSpec.everythingAsItIs(), schema, schema);
    }

    static Database database(String jdbcUrl, Side side) {
        return new Database(new Endpoint(side, jdbcUrl, Map.of("user", "postgres")), "viridian test");
    }

    /** Statements on blue; several in one text are one transaction. */
    void onBlue(String sql) {
        blue.run(session -> session.execute(sql));
    }

    void onGreen(String sql) {
        green.run(session -> session.execute(sql));
    }

    /** A connection of an application. */
    Connection application() throws SQLException {
        return blueServer.connect(blueName);
    }

    Catalog catalog(Database database) {
        return database.query(CatalogReader::read);
    }

    /** As of the first call: later a target may be without the key that it is loaded without. */
    Plan plan() {
        if (bound == null) {
            bound = bind();
        }
        return bound;
    }

    private Plan bind() {
        Map<TableName, DerivedQuery> queries = new HashMap<>();
        mapping.targets()
                .forEach(target -> target.derive()
                        .ifPresent(derive -> queries.put(
                                target.table(),
                                blue.query(session ->
                                        QueryReader.read(session, derive).query()))));
        Planned planned = Planner.plan(new PlanRequest(
                MIGRATION,
                List.of(TablePattern.EVERY_TABLE),
                List.of(),
                mapping,
                catalog(blue),
                catalog(green),
                queries,
                true,
                reversible));
        if (planned.refused()) {
            throw new IllegalStateException("the plan is refused: " + planned.findings());
        }
        return planned.plan();
    }

    /** As the preparation of green does. */
    void createMirrors() {
        onGreen("create schema " + Derivation.SCHEMA);
        for (Derivation derivation : plan().derived()) {
            for (Derivation.Mirror mirror : derivation.mirrors()) {
                String columns = mirror.source().columns().stream()
                        .map(column -> Sql.identifier(column.name()) + " "
                                + column.type().sql())
                        .collect(Collectors.joining(", "));
                onGreen("create table if not exists " + mirror.table().sql() + " (" + columns + ", primary key ("
                        + Sql.identifiers(mirror.source().key()) + "))");
            }
        }
    }

    /** Publication, slot and progress row, so that the stream starts here. */
    Lsn connect() {
        Plan plan = plan();
        blue.run(session -> Publications.create(session, slot, plan.readOn(Side.BLUE)));
        Lsn start = blue.query(session -> Slots.create(session, slot).confirmed());
        green.run(session -> {
            Origins.create(session, slot);
            session.update(
                    "insert into viridian.progress (migration, direction, lsn, epoch) values (?, 'forward', ?::pg_lsn, 1)",
                    MIGRATION,
                    start.toString());
        });
        return start;
    }

    /** The same for the way back, which applies from the start: green owns the writes. */
    ApplyLane wayBack() {
        Plan plan = plan();
        green.run(session -> Publications.create(session, slotBack, plan.readOn(Side.GREEN)));
        Lsn start = green.query(session -> Slots.create(session, slotBack).confirmed());
        blue.run(session -> {
            Origins.create(session, slotBack);
            session.update(
                    "insert into viridian.progress (migration, direction, lsn, epoch) values (?, 'reverse', ?::pg_lsn, 1)",
                    MIGRATION,
                    start.toString());
        });
        return laneBack();
    }

    /** Another one from where the last one stopped. */
    ApplyLane laneBack() {
        ApplyLane lane = new ApplyLane(
                new LaneSettings(MIGRATION, Direction.REVERSE, epoch, windowRows, Duration.ofMillis(50), memoryBytes),
                new ApplyLane.LaneParts(
                        new PgoutputSource(
                                lanesGreen,
                                slotBack,
                                slotBack,
                                Set.of(slot, slotBack),
                                new SpoolSpace(spoolDirectory, spoolMemoryBytes)),
                        lanesGreen,
                        lanesBlue,
                        plan().reverse(),
                        List.of(),
                        plan().inversions(),
                        ChunkLedger.none(),
                        new SourceRows(lanesGreen, Clock.system()),
                        failpoints,
                        () -> false,
                        Clock.system()),
                true);
        lanes.add(lane);
        lane.start();
        return lane;
    }

    /** Waits until everything committed on green before now is committed on blue. */
    void drainBack(ApplyLane lane) throws InterruptedException {
        String nonce = Markers.emit(green, MIGRATION, Marker.Kind.FENCE, Clock.system());
        lane.awaitMarker(nonce, Deadline.after(Clock.system(), PATIENCE));
    }

    /** A lane for tables that are equal already. */
    ApplyLane stream() {
        return lane(ChunkLedger.none(), true);
    }

    ApplyLane lane() {
        return lane(ledger(), true);
    }

    ApplyLane lane(ChunkLedger ledger, boolean applying) {
        ApplyLane lane = new ApplyLane(settings(), parts(ledger), applying);
        lanes.add(lane);
        lane.start();
        return lane;
    }

    LaneSettings settings() {
        return new LaneSettings(MIGRATION, Direction.FORWARD, epoch, windowRows, Duration.ofMillis(50), memoryBytes);
    }

    ApplyLane.LaneParts parts(ChunkLedger ledger) {
        return new ApplyLane.LaneParts(
                source(lanesBlue),
                lanesBlue,
                lanesGreen,
                plan().forward(),
                plan().derived(),
                List.of(),
                ledger,
                new SourceRows(lanesBlue, Clock.system()),
                failpoints,
                () -> {
                    askedWhetherToYield.incrementAndGet();
                    return yields;
                },
                Clock.system());
    }

    /** Its spool has a directory of its own, and little memory. */
    ChangeSource source(Database database) {
        PgoutputSource stream = new PgoutputSource(
                database,
                slot,
                slot,
                plan().derived().isEmpty()
                        ? Set.of(slot, LaneSettings.originOf(MIGRATION, Direction.REVERSE))
                        : Set.of(),
                new SpoolSpace(spoolDirectory, spoolMemoryBytes));
        return new WatchedPublication(stream, database, slot, Clock.system());
    }

    /** Stops the lane when this replica is closed. */
    void keep(ApplyLane lane) {
        lanes.add(lane);
    }

    PostgresChunkLedger ledger() {
        return new PostgresChunkLedger(lanesGreen, MIGRATION, plan().forward());
    }

    Backfill backfill(ApplyLane lane, long wholeTableBytesMax, long chunkBytes) {
        return backfill(lane, wholeTableBytesMax, chunkBytes, (session, target) -> {});
    }

    Backfill backfill(ApplyLane lane, long wholeTableBytesMax, long chunkBytes, KeyBuilder keys) {
        return new Backfill(new Backfill.Load(
                lanesBlue,
                lanesGreen,
                plan(),
                catalog(blue),
                lane,
                ledger(),
                new BackfillSettings(
                        MIGRATION,
                        epoch,
                        workers,
                        wholeTableBytesMax,
                        chunkBytes,
                        bytesPerSecondMax == 0 ? OptionalLong.empty() : OptionalLong.of(bytesPerSecondMax)),
                keys,
                Brake.NONE,
                failpoints,
                Clock.system()));
    }

    /** Every table in one chunk, loaded without its key. */
    Backfill wholeTables(ApplyLane lane) {
        Catalog before = catalog(green);
        for (TableShape table : before.tables()) {
            boolean copied =
                    plan().forward().stream().anyMatch(route -> route.target().equals(table.name()));
            if (copied && !table.primaryKey().isEmpty()) {
                onGreen("alter table " + table.name().sql() + " drop constraint if exists "
                        + Sql.identifier(table.name().name() + "_pkey"));
            }
        }
        return backfill(lane, 1L << 40, 256 * 1024, (session, target) -> buildKey(before, target));
    }

    private void buildKey(Catalog shapes, TableName target) {
        List<String> key = shapes.table(target).orElseThrow().primaryKey();
        boolean there = !catalog(green).table(target).orElseThrow().primaryKey().isEmpty();
        if (!key.isEmpty() && !there) {
            onGreen("alter table " + target.sql() + " add primary key (" + Sql.identifiers(key) + ")");
        }
    }

    /** Key ranges of a thousand rows, the smallest there are. */
    Backfill keyRanges(ApplyLane lane) {
        return backfill(lane, 0, 1);
    }

    /** Waits until everything committed on blue before now is committed on green. */
    void drain(ApplyLane lane) throws InterruptedException {
        String nonce = Markers.emit(blue, MIGRATION, Marker.Kind.FENCE, Clock.system());
        lane.awaitMarker(nonce, Deadline.after(Clock.system(), PATIENCE));
    }

    SlotState slotState() {
        return blue.query(session -> Slots.inspect(session, slot)).orElseThrow();
    }

    Lsn progress() {
        return green.query(session ->
                session.one("select lsn::text from viridian.progress where direction = 'forward'", row -> row.lsn(1)));
    }

    List<String> rows(Database database, String sql) {
        return database.query(session -> session.list(sql, row -> String.valueOf(row.nullableText(1))));
    }

    String value(Database database, String sql) {
        return rows(database, sql).getFirst();
    }

    /** Every mapped table as it is on blue is on green, row by row. */
    void assertSame(String... tables) {
        for (String table : tables) {
            String digest =
                    "select count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') from "
                            + table + " as t";
            if (!rows(green, digest).equals(rows(blue, digest))) {
                String all = "select t::text from " + table + " as t order by 1";
                List<String> onBlue = rows(blue, all);
                List<String> onGreen = rows(green, all);
                List<String> missing = new ArrayList<>(onBlue);
                onGreen.forEach(missing::remove);
                List<String> extra = new ArrayList<>(onGreen);
                onBlue.forEach(extra::remove);
                assertThat(missing).as("rows of " + table + " missing on green").isEmpty();
                assertThat(extra).as("rows of " + table + " too much on green").isEmpty();
            }
        }
    }

    /** As after kill -9 of the daemon: every connection of it breaks at once. */
    void cutSessions() {
        for (Database side : List.of(blue, green)) {
            side.run(session -> session.list(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                            + "and application_name like 'viridian test%' and pid <> pg_backend_pid()",
                    row -> true));
        }
    }

    @Override
    public void close() {
        try {
            for (ApplyLane lane : lanes) {
                lane.stop();
            }
            Slots.drop(blue, slot, Duration.ofSeconds(10));
            Origins.drop(green, slot, Duration.ofSeconds(10));
            Slots.drop(green, slotBack, Duration.ofSeconds(10));
            Origins.drop(blue, slotBack, Duration.ofSeconds(10));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (FaultException serverGone) {
            assertThat(blueServer.running() && greenServer.running())
                    .as(serverGone.getMessage())
                    .isFalse();
        }
        if (lanesBlue != blue) {
            lanesBlue.close();
        }
        if (lanesGreen != green) {
            lanesGreen.close();
        }
        blue.close();
        green.close();
    }
}
