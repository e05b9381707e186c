package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.plan.Derivation;
import io.viridian.plan.Direction;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.postgres.slot.Origins;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.ChunkLedger;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that a query fills, exact after every transaction. */
@ParameterizedClass(name = "from {0} to 18")
@ValueSource(ints = {14, 18})
class DerivedTargetsTest {
    private static final String REVERSE = LaneSettings.originOf(Replica.MIGRATION, Direction.REVERSE);

    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";

    private static final String BLUE = """
            create table customers (id int primary key, name text, body text);
            create table orders (id int primary key, customer_id int, placed date);
            create table lines (order_id int, number int, price int, primary key (order_id, number));
            create table node (id int primary key, parent int, label text);
            """;

    private static final String GREEN = """
            create table order_view (order_id bigint primary key, customer text, body text, extra text default 'none');
            create table order_total (order_id int primary key, lines bigint, total bigint);
            create table closure (ancestor int, descendant int, depth int, primary key (ancestor, descendant));
            """;

    private static final String VIEW = """
            select o.id as order_id, c.name as customer, c.body from orders o join customers c on c.id = o.customer_id
            """;

    private static final String TOTAL = """
            select l.order_id, count(*) as lines, sum(l.price) as total from lines l
            where exists (select from orders o where o.id = l.order_id) group by l.order_id having count(*) > 1
            """;

    private static final String CLOSURE = """
            select up.ancestor, n.id as descendant, up.depth
            from node n cross join lateral (
                with recursive a(ancestor, parent, depth) as (
                    select n.id, n.parent, 0
                    union all select p.id, p.parent, a.depth + 1 from node p join a on p.id = a.parent where a.depth < 50)
                select a.ancestor, a.depth from a) as up
            """;

    /** Everything below a changed node, with everything above it. */
    private static final String CLOSURE_AFFECTED = """
            with recursive below(id) as (
                select id from changed union select n.id from node n join below b on n.parent = b.id)
            select c.ancestor, c.descendant from (%s) as c where c.descendant in (select id from below)
            """.formatted(CLOSURE);

    private static MappingSpec.Target derived(
            String table, List<String> key, String query, Map<TableName, String> affected) {
        return new MappingSpec.Target(
                TableName.parse(table), List.of(), Optional.of(new MappingSpec.Derive(key, query, affected)));
    }

    private static final MappingSpec MAPPING = new MappingSpec(
            List.of(
                    derived("order_view", List.of("order_id"), VIEW, Map.of()),
                    derived(
                            "order_total",
                            List.of("order_id"),
                            TOTAL,
                            Map.of(
                                    TableName.parse("lines"),
                                    "select order_id from changed",
                                    TableName.parse("orders"),
                                    "select id as order_id from changed")),
                    derived(
                            "closure",
                            List.of("ancestor", "descendant"),
                            CLOSURE,
                            Map.of(TableName.parse("node"), CLOSURE_AFFECTED))),
            Map.of(),
            List.of(),
            List.of());

    private static final List<String> CHANGES = List.of(
            "insert into customers values (101, 'new', 'b'); insert into orders values (101, 101, now()), (102, 101, now())",
            "insert into lines values (101, 1, 5)",
            "insert into lines values (101, 2, 7), (101, 3, 8)",
            "update customers set name = 'changed' where id in (1, 2)",
            "update customers set id = 103 where id = 3",
            "update orders set customer_id = 4 where id = 5",
            "update orders set customer_id = null where id = 6",
            "update orders set customer_id = 7 where id = 6",
            "update orders set id = 107 where id = 7",
            "update lines set price = price + 1 where order_id < 4",
            "update lines set order_id = 102 where order_id = 8 and number = 1",
            "delete from lines where order_id = 9 and number > 1",
            "delete from orders where id = 10",
            "delete from customers where id = 4",
            "begin; delete from customers where id = 5; insert into customers values (5, 'again', 'b'); commit",
            "update node set parent = 1 where id = 7",
            "update node set parent = null where id = 3",
            "insert into node values (50, 20, 'leaf'), (51, 50, 'leaf')",
            "update node set parent = 9 where id = 50",
            "delete from node where id = 51",
            "update node set id = 60, label = 'moved' where id = 20",
            "begin; update node set parent = 2 where id = 9; update node set parent = 9 where id = 5; commit");

    @Parameter
    int blueMajor;

    private Replica replica() {
        Replica replica = new Replica(ServerPair.shared(blueMajor, 18), MAPPING, BLUE, GREEN);
        replica.reversible = false;
        replica.createMirrors();
        replica.connect();
        return replica;
    }

    private static void fill(Replica replica) {
        replica.onBlue("insert into customers select i, 'c' || i, case when i % 2 = 0 then " + LARGE
                + " else 'b' end from generate_series(1, 20) i");
        replica.onBlue("insert into orders select i, 1 + i % 20, now() from generate_series(1, 40) i");
        replica.onBlue(
                "insert into lines select o, n, o * n from generate_series(1, 40) o, generate_series(1, o % 4) n");
        replica.onBlue("insert into node select i, nullif(i / 2, 0), 'n' from generate_series(1, 30) i");
    }

    private static void assertDerived(Replica replica) {
        assertSame(replica, "select order_id, customer, body from order_view", VIEW);
        assertSame(replica, "select order_id, lines, total from order_total", TOTAL);
        assertSame(replica, "select ancestor, descendant, depth from closure", CLOSURE);
    }

    private static void assertSame(Replica replica, String green, String blue) {
        assertThat(replica.rows(
                        replica.green, "select md5(x::text) || left(x::text, 60) from (" + green + ") x order by 1"))
                .isEqualTo(replica.rows(
                        replica.blue, "select md5(x::text) || left(x::text, 60) from (" + blue + ") x order by 1"));
    }

    private static void build(Replica replica, ApplyLane lane) throws InterruptedException {
        for (Derivation derivation : replica.plan().derived()) {
            lane.build(derivation, Duration.ofSeconds(30));
        }
    }

    @Test
    void everyChangeReachesTheRowsItHasPartIn() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            build(replica, lane);
            fill(replica);
            replica.drain(lane);
            assertDerived(replica);
            for (String change : CHANGES) {
                replica.onBlue(change);
                replica.drain(lane);
                assertDerived(replica);
            }
            assertThat(lane.status().fault()).isEmpty();
        }
    }

    @Test
    void allOfItInOneWindowAndWithATruncateComesToTheSame() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane first = replica.stream();
            build(replica, first);
            first.stop();
            fill(replica);
            CHANGES.forEach(replica::onBlue);
            ApplyLane lane = replica.stream();
            replica.drain(lane);
            assertDerived(replica);
            replica.onBlue("begin; truncate lines; insert into lines values (1, 1, 1), (1, 2, 2); commit");
            replica.onBlue("truncate node, customers");
            replica.drain(lane);
            assertDerived(replica);
            assertThat(lane.status().fault()).isEmpty();
        }
    }

    @Test
    void targetsAreBuiltAfterTheLoadWhileRowsChange() throws Exception {
        try (Replica replica = replica()) {
            fill(replica);
            replica.onBlue(
                    "insert into orders select i, 1 + i % 20, now() from generate_series(1001, 4000) i; analyze");
            Script script = new Script();
            script.at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> CHANGES.forEach(replica::onBlue));
            replica.failpoints = script;
            ApplyLane lane = replica.lane();
            replica.keyRanges(lane).run();
            build(replica, lane);
            replica.onBlue("update customers set name = name || '!'");
            replica.drain(lane);
            assertThat(script.played()).isTrue();
            assertDerived(replica);
            assertThat(lane.status().fault()).isEmpty();
        }
    }

    @Test
    void whatNothingFeedsStaysWithTheRow() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            build(replica, lane);
            fill(replica);
            replica.drain(lane);
            replica.onGreen("update order_view set extra = 'touched'");
            replica.onBlue("update customers set name = 'changed'");
            replica.drain(lane);
            assertThat(replica.value(replica.green, "select count(*) from order_view where extra = 'touched'"))
                    .isEqualTo("40");
        }
    }

    private static void assertMirrored(Replica replica) {
        for (String table : List.of("customers", "orders", "lines", "node")) {
            assertSame(replica, "select * from viridian_mirror." + table, "select * from " + table);
        }
    }

    /** As the lane of the way back does: blue's log says that it was us. */
    private static void onBlueByTheWayBack(Replica replica, List<String> statements) {
        try (Session session = replica.blue.open("test")) {
            session.list("select pg_replication_origin_session_setup(?)", row -> true, REVERSE);
            statements.forEach(session::execute);
            // The next one may be opened before this one's server process has ended.
            session.list("select pg_replication_origin_session_reset()", row -> true);
        }
    }

    @Test
    void mirrorsFollowWhatTheWayBackWritesWhileTheLaneOnlyWatches() throws Exception {
        try (Replica replica = replica()) {
            replica.blue.run(session -> Origins.create(session, REVERSE));
            ApplyLane first = replica.stream();
            build(replica, first);
            fill(replica);
            replica.drain(first);
            first.stop();
            List<String> before = replica.rows(replica.green, "select order_id || customer from order_view order by 1");
            ApplyLane watching = replica.lane(ChunkLedger.none(), false);
            onBlueByTheWayBack(replica, CHANGES.subList(0, 12));
            replica.drain(watching);
            assertMirrored(replica);
            watching.stop();
            onBlueByTheWayBack(replica, CHANGES.subList(12, 18));
            ApplyLane again = replica.lane(ChunkLedger.none(), false);
            onBlueByTheWayBack(replica, CHANGES.subList(18, CHANGES.size()));
            replica.drain(again);
            assertMirrored(replica);
            assertThat(replica.rows(replica.green, "select order_id || customer from order_view order by 1"))
                    .as("what green's application owns meanwhile")
                    .isEqualTo(before);
            replica.onGreen("delete from closure where depth = 1; update order_view set customer = 'kept by green'");
            again.apply(replica.blue.query(
                    session -> session.one("select pg_current_wal_insert_lsn()::text", row -> row.lsn(1))));
            replica.onBlue("update customers set name = name || '?' where id = 9");
            replica.drain(again);
            Await.until("derived targets are as blue says", Replica.PATIENCE, () -> {
                assertDerivedNow(replica);
                return true;
            });
            assertMirrored(replica);
            assertThat(again.status().fault()).isEmpty();
            again.stop();
            Origins.drop(replica.blue, REVERSE, Duration.ofSeconds(10));
        }
    }

    /** An assertion that fails is not yet. */
    private static void assertDerivedNow(Replica replica) throws Exception {
        try {
            assertDerived(replica);
        } catch (AssertionError notYet) {
            throw new Exception(notYet);
        }
    }

    @Test
    void mirrorsAreNotAmongGreensTables() {
        try (Replica replica = replica()) {
            assertThat(replica.plan().tablesOn(Side.GREEN))
                    .extracting(TableName::toString)
                    .containsExactly("public.closure", "public.order_total", "public.order_view");
            assertThat(replica.plan().readOn(Side.BLUE))
                    .extracting(TableName::toString)
                    .containsExactly("public.customers", "public.lines", "public.node", "public.orders");
        }
    }
}
