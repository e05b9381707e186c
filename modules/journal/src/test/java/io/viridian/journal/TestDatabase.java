package io.viridian.journal;

import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.sql.SQLException;
import java.util.Map;

/** A fresh database, as the daemon sees it. */
final class TestDatabase {
    private TestDatabase() {}

    static Database create() throws SQLException {
        return create(SharedServers.blue(18));
    }

    static Database create(PostgresServer server) throws SQLException {
        return open(server, server.freshDatabase("journal"), server.superuser());
    }

    static Database open(PostgresServer server, String database, String user) {
        return new Database(new Endpoint(Side.BLUE, server.jdbcUrl(database), Map.of("user", user)), "viridian test");
    }
}
