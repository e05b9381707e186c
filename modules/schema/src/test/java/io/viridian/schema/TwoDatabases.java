package io.viridian.schema;

import io.viridian.journal.ControlSchema;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.PlanRequest;
import io.viridian.plan.Planned;
import io.viridian.plan.Planner;
import io.viridian.plan.Side;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.Session;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A fresh database on blue and on green, as the daemon sees them. */
public final class TwoDatabases implements AutoCloseable {
    private final Optional<ServerPair> shared;
    private final Database blue;
    private final Database green;

    private TwoDatabases(Optional<ServerPair> shared, Database blue, Database green) {
        this.shared = shared;
        this.blue = blue;
        this.green = green;
    }

    public static TwoDatabases between(ServerPair servers) throws SQLException {
        return create(servers, Optional.empty());
    }

    /** On servers that all tests share. */
    public static TwoDatabases shared(int blueMajor, int greenMajor) throws SQLException {
        ServerPair servers = ServerPair.shared(blueMajor, greenMajor);
        return create(servers, Optional.of(servers));
    }

    private static TwoDatabases create(ServerPair servers, Optional<ServerPair> shared) throws SQLException {
        return new TwoDatabases(shared, fresh(Side.BLUE, servers.blue()), fresh(Side.GREEN, servers.green()));
    }

    private static Database fresh(Side side, PostgresServer server) throws SQLException {
        return open(side, server, server.freshDatabase("schema"), server.superuser());
    }

    public static Database open(Side side, PostgresServer server, String database, String user) {
        return new Database(new Endpoint(side, server.jdbcUrl(database), Map.of("user", user)), "viridian test");
    }

    public Database blue() {
        return blue;
    }

    public Database green() {
        return green;
    }

    public TwoDatabases onBlue(String sql) {
        run(blue, sql);
        return this;
    }

    public TwoDatabases onGreen(String sql) {
        run(green, sql);
        return this;
    }

    public TwoDatabases onBoth(String sql) {
        return onBlue(sql).onGreen(sql);
    }

    public TwoDatabases withControlSchema() {
        ControlSchema.install(green, ControlSchema.Role.GREEN);
        return this;
    }

    private static void run(Database database, String sql) {
        try (Session session = database.open("test")) {
            session.execute(sql);
        }
    }

    /** The first column of every row. */
    public static List<String> texts(Database database, String query) {
        try (Session session = database.open("test")) {
            return session.list(query, row -> row.optionalText(1).orElse("null"));
        }
    }

    /** The request for a plan over everything there is now. */
    public PlanRequest request(MappingSpec mapping, boolean greenComplete, boolean reverse) {
        return new PlanRequest(
                "shop",
                List.of(TablePattern.EVERY_TABLE),
                List.of(),
                mapping,
                blue.query(CatalogReader::read),
                green.query(CatalogReader::read),
                greenComplete,
                reverse);
    }

    /** Every table as it is. */
    public Planned plan() {
        return plan(true);
    }

    public Planned plan(boolean greenComplete) {
        return Planner.plan(request(MappingSpec.everythingAsItIs(), greenComplete, false));
    }

    /** Removes the databases from shared servers: at the end hundreds would take longer than a test run may. */
    @Override
    public void close() {
        String blueName = name(blue);
        String greenName = name(green);
        blue.close();
        green.close();
        shared.ifPresent(servers -> {
            drop(servers.blue(), blueName);
            drop(servers.green(), greenName);
        });
    }

    private static String name(Database database) {
        String url = database.endpoint().jdbcUrl();
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static void drop(PostgresServer server, String database) {
        try {
            server.execute("drop database \"" + database + "\" with (force)");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
