package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.cutover.Pair;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.bouncer.BouncerAddress;
import io.viridian.postgres.route.RouteAddress;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.traffic.PgBouncer;
import io.viridian.time.Backoff;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ordinary roles of applications, a real PgBouncer, and two real servers with their guards. */
@Timeout(120)
final class RouteProbeTest {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Backoff TWICE = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), 2);

    @TempDir
    Path directory;

    private Pair pair;
    private final List<PgBouncer> bouncers = new ArrayList<>();
    private String application;
    private int roles;

    @BeforeEach
    void create() throws SQLException {
        create(ServerPair.shared(14, 18));
    }

    private void create(ServerPair servers) throws SQLException {
        close();
        pair = Pair.create(servers, Pair.ACCOUNTS);
        application = role("login", "grant select, insert, update, delete on public.accounts to %s");
    }

    @AfterEach
    void close() {
        bouncers.forEach(PgBouncer::close);
        if (pair != null) {
            pair.close();
        }
    }

    /** On both servers, like everything that applications need. */
    private String role(String attributes, String grant) {
        String role = "app" + roles++ + "_" + pair.databaseName();
        for (Side side : Side.values()) {
            pair.on(side).run(session -> {
                session.execute("create role " + role + " " + attributes);
                session.execute(grant.formatted(role));
            });
        }
        return role;
    }

    private PostgresServer server(Side side) {
        return side == Side.BLUE ? pair.blueServer : pair.greenServer;
    }

    private RouteProbe probe(String jdbcUrl, String role) {
        return new RouteProbe(new RouteAddress(role + "@pooler", jdbcUrl, Map.of("user", role)), pair::on, ANSWER);
    }

    private RouteProbe direct(Side side, String role) {
        return probe(server(side).jdbcUrl(pair.databaseName()), role);
    }

    private PgBouncer bouncer(String more) throws Exception {
        PgBouncer.require();
        Path users = Files.writeString(
                directory.resolve("admitted.txt"),
                "\"%s\" \"\"\n\"%s\" \"\"\n".formatted(pair.blueServer.superuser(), application));
        PgBouncer bouncer =
                PgBouncer.start(directory, pair.blueServer, pair.databaseName(), "auth_file = " + users + "\n" + more);
        bouncers.add(bouncer);
        return bouncer;
    }

    private RouteProbe through(PgBouncer bouncer) {
        return probe(bouncer.jdbcUrl(), application);
    }

    private PgBouncerSwitcher switcher(PgBouncer bouncer) {
        return new PgBouncerSwitcher(
                new BouncerAddress(bouncer.adminJdbcUrl(), Map.of("user", bouncer.user())),
                bouncer.file(),
                PgBouncer.DATABASE,
                side -> new BouncerTarget(server(side).host(), server(side).port(), pair.databaseName()));
    }

    @ParameterizedTest
    @CsvSource({"14, 15", "16, 17", "18, 14"})
    void aRoleThatMayDoLittleTellsWhichServerItReachedAndThatItWrites(int blue, int green) throws SQLException {
        create(ServerPair.shared(blue, green));
        String inserting = role("login", "grant insert on public.accounts to %s");
        for (String role : List.of(application, inserting)) {
            assertThat(direct(Side.BLUE, role).astray(Side.BLUE)).as(role).isEmpty();
            assertThat(direct(Side.BLUE, role).astray(Side.GREEN))
                    .contains("the route " + role + "@pooler leads to blue, not to green");
            assertThat(direct(Side.GREEN, role).astray(Side.BLUE))
                    .contains("the route " + role + "@pooler leads to green, not to blue");
            assertThat(direct(Side.GREEN, role).astray(Side.GREEN).orElseThrow())
                    .as("green is closed")
                    .contains("leads to where writes are refused")
                    .contains("green is closed for writes");
        }
    }

    @Test
    void whatSwitchersSayIsProvenAlongTheRouteOfTheApplications() throws Exception {
        PgBouncer bouncer = bouncer("");
        Traffic traffic = new Traffic(List.of(switcher(bouncer)), List.of(through(bouncer)), TWICE);
        traffic.perform(Side.BLUE);
        assertThat(traffic.elsewhere(Side.BLUE)).isEmpty();
        assertThatThrownBy(() -> traffic.perform(Side.GREEN))
                .as("green is closed, so nobody can write there")
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("green is closed for writes");
        pair.rig().complete(Direction.FORWARD);
        traffic.perform(Side.GREEN);
        assertThat(traffic.elsewhere(Side.GREEN)).isEmpty();
    }

    @Test
    void aRouteThatNoSwitcherLeadsIsNamedWithWhereItLeads() throws Exception {
        RouteProbe probe = through(bouncer(""));
        pair.rig().complete(Direction.FORWARD);
        Traffic traffic = new Traffic(List.of(), List.of(probe), TWICE);
        assertThatThrownBy(() -> traffic.perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("the route " + application + "@pooler leads to blue, not to green");
        assertThat(traffic.elsewhere(Side.GREEN)).singleElement().asString().contains("leads to blue, not to green");
        assertThat(probe.astray(Side.BLUE).orElseThrow()).contains("blue is closed for writes");
    }

    @Test
    void aPoolerThatRefusesWhatTheDriverUsuallySaysIsNoObstacle() throws Exception {
        assertThat(through(bouncer("ignore_startup_parameters =")).astray(Side.BLUE))
                .isEmpty();
    }

    @Test
    void aPoolerThatIsDownIsTold() throws Exception {
        PgBouncer bouncer = bouncer("");
        bouncer.close();
        assertThat(through(bouncer).astray(Side.BLUE).orElseThrow())
                .contains("the route " + application + "@pooler cannot be taken")
                .contains("refused");
    }

    @Test
    void aPoolerThatHangsIsNotWaitedForLong() throws Exception {
        PgBouncer bouncer = bouncer("");
        new ProcessBuilder("kill", "-STOP", Long.toString(bouncer.pid()))
                .start()
                .waitFor();
        try {
            RouteProbe probe = new RouteProbe(
                    new RouteAddress("pooler", bouncer.jdbcUrl(), Map.of("user", application)),
                    pair::on,
                    Duration.ofSeconds(1));
            assertThat(probe.astray(Side.BLUE).orElseThrow()).contains("the route pooler cannot be taken");
        } finally {
            new ProcessBuilder("kill", "-CONT", Long.toString(bouncer.pid()))
                    .start()
                    .waitFor();
        }
    }

    @Test
    void aServerThatIsNeitherIsTold() throws SQLException {
        String other = pair.blueServer.freshDatabase("astray");
        assertThat(probe(pair.blueServer.jdbcUrl(other), application).astray(Side.BLUE))
                .contains("the route " + application
                        + "@pooler leads to a server that is neither blue nor green, not to blue");
    }

    @Test
    void aRoleThatMayNotLogInOrWriteIsTold() {
        String closed = role("nologin", "grant delete on public.accounts to %s");
        assertThat(direct(Side.BLUE, closed).astray(Side.BLUE).orElseThrow()).contains("is not permitted to log in");
        String reading = role("login", "grant select on public.accounts to %s");
        assertThat(direct(Side.BLUE, reading).astray(Side.BLUE).orElseThrow())
                .contains("may neither delete from nor insert into any migrated table")
                .contains("cutover.probe");
        String readOnly = role(
                "login",
                "grant delete on public.accounts to %1$s;" + " alter role %1$s set default_transaction_read_only = on");
        assertThat(direct(Side.BLUE, readOnly).astray(Side.BLUE).orElseThrow())
                .contains("leads to where writes are refused")
                .contains("read-only transaction");
    }

    @Test
    void theLocksOfASwitchAreNotWaitedFor() throws SQLException {
        try (Connection switching = pair.application(Side.BLUE);
                Statement statement = switching.createStatement()) {
            switching.setAutoCommit(false);
            statement.execute("lock table public.accounts in share row exclusive mode");
            assertThat(direct(Side.BLUE, application).astray(Side.BLUE).orElseThrow())
                    .contains("lock timeout");
        }
    }

    @Test
    void nothingIsLeftBehind() {
        pair.blue.run(session -> session.execute("insert into public.accounts values (1, 1)"));
        String before = left();
        assertThat(direct(Side.BLUE, application).astray(Side.BLUE)).isEmpty();
        assertThat(left()).isEqualTo(before).startsWith("1 rows, 0 locks");
    }

    @Test
    void aWriteToNoRowUsesUpNoTransactionNumber() {
        assertThat(pair.blue.<Boolean>transaction(session -> {
                    session.execute("delete from public.accounts where false;"
                            + " insert into public.accounts select where false");
                    return session.one("select pg_current_xact_id_if_assigned() is null", row -> row.truth(1));
                }))
                .isTrue();
    }

    /** Rows, advisory locks, and how often rows of the table were written. */
    private String left() {
        return pair.ask(Side.BLUE, """
                select format('%s rows, %s locks, %s', (select count(*) from public.accounts),
                    (select count(*) from pg_locks where locktype = 'advisory'
                     and database = (select oid from pg_database where datname = current_database())),
                    (select string_agg(xmin::text, ',') from public.accounts))
                """);
    }
}
