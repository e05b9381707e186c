package io.viridian.cutover.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.viridian.cutover.Closing;
import io.viridian.cutover.Guard;
import io.viridian.cutover.Pair;
import io.viridian.cutover.traffic.RouteProbe;
import io.viridian.migration.Gate;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.route.RouteAddress;
import io.viridian.postgres.slot.Slots;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** Gates that ask the servers. */
final class ServerGatesTest {
    private Pair pair;
    private GateRig rig;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create(ServerPair.shared(14, 18), GateRig.TABLES);
        rig = new GateRig(pair);
        for (Side side : Side.values()) {
            pair.on(side).run(session -> session.execute("analyze"));
        }
    }

    @AfterEach
    void closePair() throws InterruptedException {
        for (Side side : Side.values()) {
            Slots.drop(pair.on(side), rig.slot(Direction.from(side)), Duration.ofSeconds(10));
        }
        pair.close();
    }

    private void createSlots() {
        for (Side side : Side.values()) {
            pair.on(side).run(session -> Slots.create(session, rig.slot(Direction.from(side))));
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aHealthyPairPassesEveryGateInTheOrderOfTheContract(Direction of) throws InterruptedException {
        rig.direction = of;
        if (of == Direction.REVERSE) {
            pair.rig().complete(Direction.FORWARD);
            rig.ledTo = Side.GREEN;
        }
        createSlots();
        rig.pause = PauseForecastTest.rehearsed(40, Map.of());
        rig.stableLag();
        List<Gate> read = rig.read();
        assertThat(read).filteredOn(gate -> !gate.passing()).isEmpty();
        assertThat(read.stream().map(Gate::id))
                .containsExactly(
                        "repl.healthy",
                        "lag.seconds",
                        "lag.stable",
                        "slot.safe",
                        "backfill.complete",
                        "verify.fresh",
                        "verify.clean",
                        "schema.quiet",
                        "tx.longest",
                        "locks.none",
                        "prepared.none",
                        "sequences.ready",
                        "green.ready",
                        "green.no-foreign-writes",
                        "reverse.proven",
                        "traffic.reachable",
                        "pause.predicted",
                        "window.open");
    }

    private RouteProbe route(Database to) {
        RouteAddress address = new RouteAddress(
                "app@pooler",
                to.endpoint().jdbcUrl(),
                Map.of("user", to.endpoint().user()));
        return new RouteProbe(address, pair::on, Duration.ofSeconds(5));
    }

    @Test
    void aRouteOfTheApplicationsThatEndsElsewhereIsNamedWithItsEnd() throws InterruptedException {
        rig.probes = List.of(route(pair.blue), route(pair.green));
        rig.assertFails("traffic.reachable", "not leading to blue: the route app@pooler leads to green, not to blue");
    }

    @Test
    void aRouteThatEndsAtAClosedOwnerIsNotReachable() throws InterruptedException {
        rig.probes = List.of(route(pair.blue));
        rig.assertPasses("traffic.reachable");
        assertThat(rig.gate("traffic.reachable").value()).isEqualTo("2 lead to blue");
        pair.blue.run(session -> pair.guard().close(session, 1));
        rig.assertFails("traffic.reachable", "blue is closed for writes");
    }

    @Test
    void aMissingSlotIsNotSafe() throws InterruptedException {
        rig.assertFails("slot.safe", "does not exist");
    }

    @Test
    void aSlotThatHoldsTooMuchIsNotSafe() throws InterruptedException {
        createSlots();
        rig.limits = GateRig.limits(Optional.empty(), Optional.empty(), 0);
        pair.blue.run(session -> session.execute("insert into public.accounts select generate_series(1, 1000), 0"));
        rig.assertFails("slot.safe", "reserved, holds");
    }

    @Test
    void aWriterThatIsOpenForLongIsNamedAndAReaderIsNot() throws Exception {
        try (Connection reader = pair.application(Side.BLUE);
                Connection writer = pair.application(Side.BLUE);
                Statement read = reader.createStatement();
                Statement write = writer.createStatement()) {
            reader.setAutoCommit(false);
            read.execute("select count(*) from public.accounts");
            writer.setAutoCommit(false);
            write.execute("insert into public.accounts values (1, 1)");
            Await.until(
                    "the writer is old",
                    Duration.ofSeconds(10),
                    () -> !rig.gate("tx.longest").passing());
            rig.assertFails("tx.longest", "idle in transaction");
            writer.rollback();
            rig.assertPasses("tx.longest");
        }
    }

    @Test
    void maintenanceOnAMappedTableIsInTheWay() throws Exception {
        try (Connection builder = pair.application(Side.BLUE);
                Statement build = builder.createStatement()) {
            builder.setAutoCommit(false);
            build.execute("create index on public.accounts (balance)");
            rig.assertFails("locks.none", "ShareLock on accounts");
            builder.rollback();
            build.execute("insert into public.accounts values (1, 1)");
            rig.assertPasses("locks.none");
        }
    }

    /** The commit point would wait for it until the budget is used up. */
    @Test
    void aSynchronousStandbyThatIsNotThereIsInTheWay() throws Exception {
        pair.blueServer.set("synchronous_standby_names", "nosuch");
        try {
            rig.assertFails("locks.none", "synchronous_standby_names is nosuch");
        } finally {
            pair.blueServer.reset("synchronous_standby_names");
        }
        rig.assertPasses("locks.none");
    }

    /** Whoever reads there after the switch would read what was an hour ago. */
    @Test
    void aStandbyOfTheTargetThatIsFarBehindIsNotReady() throws Exception {
        try (Connection receiver = pair.on(Side.GREEN).openReplication("standby");
                PGReplicationStream standby = receiver.unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .physical()
                        .withStartPosition(
                                LogSequenceNumber.valueOf(pair.ask(Side.GREEN, "select pg_current_wal_flush_lsn()")))
                        .start()) {
            standby.setAppliedLSN(LogSequenceNumber.valueOf("0/1"));
            standby.setFlushedLSN(LogSequenceNumber.valueOf("0/1"));
            standby.forceUpdateStatus();
            pair.on(Side.GREEN)
                    .run(
                            session -> session.execute(
                                    "create table public.filler as select repeat(md5(n::text), 30) from generate_series(1, 80000) n"));
            Await.until(
                    "the standby is far behind",
                    Duration.ofSeconds(20),
                    () -> failing("green.ready").contains(" behind"));
        }
    }

    private String failing(String id) throws InterruptedException {
        return rig.read().stream()
                .filter(gate -> gate.id().equals(id) && !gate.passing())
                .map(Gate::value)
                .findFirst()
                .orElse("");
    }

    @Test
    void aPreparedTransactionIsNamed() throws Exception {
        String gid = "gate-" + pair.databaseName();
        try (Connection application = pair.application(Side.BLUE);
                Statement statement = application.createStatement()) {
            statement.execute("begin; insert into public.accounts values (1, 1); prepare transaction '" + gid + "'");
            try {
                rig.assertFails("prepared.none", gid);
            } finally {
                statement.execute("rollback prepared '" + gid + "'");
            }
        }
    }

    @Test
    void aSequenceWithoutRoomIsNamed() throws InterruptedException {
        pair.ask(Side.BLUE, "select setval('public.orders_id_seq', 2147483000)::text");
        rig.assertFails("sequences.ready", "public.orders_id_seq has no room");
        assertThat(rig.sequencesLeft()).hasValueCloseTo(3.0e-7, within(1.0e-8));
    }

    @Test
    void anInvalidIndexOnTheTargetIsNotReady() throws Exception {
        try (Connection application = pair.application(Side.GREEN);
                Statement statement = application.createStatement()) {
            statement.execute("set viridian.token = 'shop-v2:1'");
            statement.execute("insert into public.accounts values (1, 1), (2, 1)");
            try {
                statement.execute("create unique index concurrently twice on public.accounts (balance)");
            } catch (SQLException duplicates) {
                assertThat(duplicates.getSQLState()).isEqualTo("23505");
            }
        }
        rig.assertFails("green.ready", "index twice is not valid");
    }

    @Test
    void aConstraintThatOnlyTheTargetHasNotProvenIsNotReady() throws InterruptedException {
        String unproven = "alter table public.accounts add constraint positive check (balance >= 0) not valid";
        pair.green.run(session -> session.execute(unproven));
        rig.assertFails("green.ready", "constraint positive is not validated");
        pair.blue.run(session -> session.execute(unproven));
        rig.assertPasses("green.ready");
    }

    @Test
    void aTargetWithoutStatisticsIsNotReady() throws InterruptedException {
        pair.green.run(session ->
                session.execute("update pg_class set reltuples = -1 where oid = 'public.accounts'::regclass"));
        rig.assertFails("green.ready", "table accounts was never analyzed");
    }

    @Test
    void anOpenGuardOnTheTargetIsNotTrusted() throws InterruptedException {
        pair.green.run(session -> pair.guard().open(session, 1));
        rig.assertFails("green.no-foreign-writes", "guard is open");
    }

    @Test
    void aTableOfTheTargetWithoutGuardIsNotTrusted() throws InterruptedException {
        pair.green.run(session -> {
            session.execute("alter table public.accounts disable trigger all");
            assertThat(Guard.unguarded(session, List.of(GateRig.ACCOUNTS))).hasSize(1);
        });
        rig.assertFails("green.no-foreign-writes", "public.accounts");
    }

    @Test
    void aBlueWithoutTriggersIsTrustedWhileItsSessionsBeginReadOnly() throws Exception {
        rig.closing = Closing.SESSIONS;
        rig.direction = Direction.REVERSE;
        String name = pair.databaseName();
        pair.blue.run(session -> {
            session.execute("drop trigger \"!viridian_guard\" on public.accounts");
            pair.guard().close(session, 2);
        });
        rig.assertFails("green.no-foreign-writes", "default_transaction_read_only of the database is not on");
        pair.blue.run(
                session -> session.execute("alter database \"" + name + "\" set default_transaction_read_only = on"));
        assertThat(rig.gate("green.no-foreign-writes").passing()).isTrue();
    }

    @Test
    void whatCannotBeReadHasFailedWithTheReason() throws InterruptedException {
        rig.green = new Database(
                new Endpoint(Side.GREEN, "jdbc:postgresql://127.0.0.1:1/nowhere", Map.of("user", "nobody")), "test");
        try {
            List<Gate> read = rig.read();
            assertThat(read.stream().filter(gate -> gate.value().contains("cannot be read: GREEN_UNREACHABLE")))
                    .allMatch(gate -> !gate.passing())
                    .extracting(Gate::id)
                    .containsExactly("sequences.ready", "green.ready", "green.no-foreign-writes");
            assertThat(read).filteredOn(gate -> gate.id().equals("tx.longest")).allMatch(Gate::passing);
        } finally {
            rig.green.close();
        }
    }

    @Test
    void aRoleThatCannotSeeOthersDoesNotTakeThatForCalm() throws Exception {
        String role = "blind_" + pair.databaseName();
        pair.blue.run(session -> session.execute("create role \"" + role + "\" login; grant select on all sequences in "
                + "schema public to \"" + role + "\""));
        Database seeing = pair.blue;
        Database blind = new Database(
                new Endpoint(Side.BLUE, seeing.endpoint().jdbcUrl(), Map.of("user", role)), "viridian blind");
        try {
            List<Gate> read = new Gates(rig.parts(blind)).read(rig.facts(), Optional.empty(), List.of());
            assertThat(read)
                    .filteredOn(gate -> gate.id().equals("tx.longest"))
                    .singleElement()
                    .satisfies(gate -> assertThat(gate.value()).contains("grant pg_monitor"));
        } finally {
            blind.close();
            seeing.run(session -> session.execute("drop owned by \"" + role + "\"; drop role \"" + role + "\""));
        }
    }
}
