package io.viridian.verification;

import io.viridian.fault.Failpoints;
import io.viridian.feed.Lane;
import io.viridian.plan.Direction;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.Plan;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planned;
import io.viridian.plan.Planner;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.Session;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.proof.Verification;
import io.viridian.proof.Verifier;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import io.viridian.time.Backoff;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A fresh blue and a fresh green database, and a plan between them. Closing checks that nothing was left behind. */
final class TestPair implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** No second attempts, and little patience: what stands in the way in a test does not go away by itself. */
    static final VerifyLimits IMPATIENT = new VerifyLimits(
            2,
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            new Backoff(Duration.ZERO, Duration.ZERO, 1),
            HashTier.RECORD);

    /** One table at a time, for tests that have one table. */
    static final VerifyLimits ONE_BY_ONE = new VerifyLimits(
            1, Duration.ofSeconds(30), Duration.ofSeconds(30), VerifyLimits.DEFAULT.attempts(), HashTier.RECORD);

    private static final String APPLICATION = "viridian-verification-test";

    private final PostgresServer blueServer;
    private final PostgresServer greenServer;
    private final String blueName;
    private final String greenName;
    final Database blue;
    final Database green;
    private MappingSpec mapping = MappingSpec.everythingAsItIs();
    private boolean reversible = true;
    private VerifyLimits limits = ONE_BY_ONE;
    private VerifyProgress progress = VerifyProgress.NONE;
    private Failpoints failpoints = Failpoints.NONE;

    private TestPair(PostgresServer blueServer, String blueName, PostgresServer greenServer, String greenName) {
        this.blueServer = blueServer;
        this.greenServer = greenServer;
        this.blueName = blueName;
        this.greenName = greenName;
        this.blue = database(Side.BLUE, blueServer, blueName);
        this.green = database(Side.GREEN, greenServer, greenName);
    }

    static TestPair of(int blueMajor, int greenMajor) throws SQLException {
        PostgresServer blue = SharedServers.blue(blueMajor);
        PostgresServer green = SharedServers.green(greenMajor);
        return new TestPair(blue, blue.freshDatabase("verify"), green, green.freshDatabase("verify"));
    }

    /** On existing databases, for tests that need special ones. */
    static TestPair of(PostgresServer blue, String blueName, PostgresServer green, String greenName) {
        return new TestPair(blue, blueName, green, greenName);
    }

    private static Database database(Side side, PostgresServer server, String name) {
        Endpoint endpoint = new Endpoint(
                side, server.jdbcUrl(name), Map.of("user", server.superuser(), "cancelSignalTimeout", "1"));
        return new Database(endpoint, APPLICATION);
    }

    String blueName() {
        return blueName;
    }

    String greenName() {
        return greenName;
    }

    /** For the names of tests. */
    String name() {
        return blueServer.majorVersion() + " to " + greenServer.majorVersion();
    }

    TestPair mapping(MappingSpec.Rule rule, String target) {
        mapping = new MappingSpec(
                List.of(new MappingSpec.Target(TableName.parse(target), List.of(rule))),
                Map.of(),
                List.of(TablePattern.EVERY_TABLE),
                List.of());
        return this;
    }

    /** Two rules, beside tables as they are. */
    TestPair mapping(MappingSpec.Rule rule, String target, MappingSpec.Rule other, String otherTarget) {
        mapping = new MappingSpec(
                List.of(
                        new MappingSpec.Target(TableName.parse(target), List.of(rule)),
                        new MappingSpec.Target(TableName.parse(otherTarget), List.of(other))),
                Map.of(),
                List.of(TablePattern.EVERY_TABLE),
                List.of());
        return this;
    }

    /** Without the way back, for mappings that lose something. */
    TestPair oneWay() {
        reversible = false;
        return this;
    }

    TestPair limits(VerifyLimits changed) {
        limits = changed;
        return this;
    }

    TestPair progress(VerifyProgress changed) {
        progress = changed;
        return this;
    }

    TestPair failpoints(Failpoints changed) {
        failpoints = changed;
        return this;
    }

    void both(String... statements) throws SQLException {
        onBlue(statements);
        onGreen(statements);
    }

    void onBlue(String... statements) throws SQLException {
        try (Connection connection = connectBlue()) {
            run(connection, statements);
        }
    }

    void onGreen(String... statements) throws SQLException {
        try (Connection connection = connectGreen()) {
            run(connection, statements);
        }
    }

    Connection connectBlue() throws SQLException {
        return blueServer.connect(blueName);
    }

    Connection connectGreen() throws SQLException {
        return greenServer.connect(greenName);
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    Plan plan() {
        Planned planned = Planner.plan(new PlanRequest(
                "test",
                List.of(TablePattern.EVERY_TABLE),
                List.of(),
                mapping,
                blue.query(CatalogReader::read),
                green.query(CatalogReader::read),
                true,
                reversible));
        if (planned.refused()) {
            throw new AssertionError("the plan is refused: " + planned.findings());
        }
        return planned.plan();
    }

    PostgresVerifier verifier() {
        return new PostgresVerifier(plan(), new Databases(blue, green), limits, progress, failpoints, Clock.system());
    }

    /** A verifier that comes to blue as another role; the plan is made by the superuser. */
    PostgresVerifier verifierAsOnBlue(String role) {
        Endpoint endpoint = new Endpoint(Side.BLUE, blueServer.jdbcUrl(blueName), Map.of("user", role));
        Databases databases = new Databases(new Database(endpoint, APPLICATION), green);
        return new PostgresVerifier(plan(), databases, limits, progress, failpoints, Clock.system());
    }

    Verification verify() throws InterruptedException {
        return verify(Direction.FORWARD);
    }

    Verification verify(Direction direction) throws InterruptedException {
        return verify(new StillLane(direction));
    }

    Verification verify(Lane lane) throws InterruptedException {
        return verifier().verify(lane.direction(), lane, Set.of(), deadline());
    }

    Verification compareRows(String table, List<List<String>> keys) throws InterruptedException {
        return compareRows(verifier(), Map.of(TableName.parse(table), keys), deadline());
    }

    /** Made ready with the same rows. */
    static Verification compareRows(Verifier verifier, Map<TableName, List<List<String>>> touched, Deadline by)
            throws InterruptedException {
        try (Verifier.PreparedComparison prepared = verifier.prepareRows(Direction.FORWARD, touched, by)) {
            return prepared.compare(touched, by);
        }
    }

    static Deadline deadline() {
        return Deadline.after(Clock.system(), PATIENCE);
    }

    /** Waits until none of our slots and sessions is left; ends of connections reach the server a little later. */
    void awaitNothingLeft() throws InterruptedException {
        for (Database database : List.of(blue, green)) {
            Await.until(
                    "nothing of the verification is left on " + database.side(),
                    PATIENCE,
                    () -> database.query(TestPair::leftovers) == 0);
        }
    }

    private static long leftovers(Session session) {
        return session.one("""
                select (select count(*) from pg_replication_slots where slot_name like 'viridian_verify_%%')
                     + (select count(*) from pg_stat_activity
                        where application_name like '%s verify%%' and datname = current_database())
                """.formatted(APPLICATION), row -> row.number(1));
    }

    @Override
    public void close() throws SQLException {
        try {
            awaitNothingLeft();
        } catch (InterruptedException interruption) {
            throw new AssertionError("interrupted while looking for leftovers", interruption);
        } finally {
            blue.close();
            green.close();
            blueServer.execute("drop database \"" + blueName + "\" with (force)");
            greenServer.execute("drop database \"" + greenName + "\" with (force)");
        }
    }

    /** A rule with the alias {@code s}; the pairs are target column and expression. */
    static MappingSpec.Rule rule(String from, Optional<String> where, String... columnsAndExpressions) {
        return new MappingSpec.Rule(TableName.parse(from), "s", where, assignments(columnsAndExpressions), List.of());
    }

    static List<MappingSpec.Assignment> assignments(String... columnsAndExpressions) {
        List<MappingSpec.Assignment> assignments = new ArrayList<>();
        for (int index = 0; index < columnsAndExpressions.length; index += 2) {
            assignments.add(new MappingSpec.Assignment(columnsAndExpressions[index], columnsAndExpressions[index + 1]));
        }
        return assignments;
    }
}
