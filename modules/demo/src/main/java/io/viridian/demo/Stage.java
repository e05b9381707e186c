package io.viridian.demo;

import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Both servers with the shop's database on each, blue's with the shop in it.
 *
 * @param database of the same name on both, so that one connection string can name both hosts
 */
record Stage(ServerPair servers, String database) {
    private static final String COUNTS = """
            select (select count(*) from public.customers), (select count(*) from public.items),
                   (select count(*) from public.orders), (select count(*) from public.order_lines),
                   (select count(*) from public.page_views) + (select count(*) from public.carts)
            """;

    /** Creates both databases and fills blue's from the files of the example. */
    static Stage load(ServerPair servers, String database, DemoSettings settings) throws SQLException {
        servers.blue().createDatabase(database);
        servers.green().createDatabase(database);
        Stage stage = new Stage(servers, database);
        try (Connection connection = stage.blue();
                Statement statement = connection.createStatement()) {
            statement.execute("set shop.customers = " + settings.customers());
            for (String file : new String[] {"schema.sql", "seed.sql"}) {
                Path path = settings.shop().resolve("blue").resolve(file);
                statement.execute(ShopFiles.read(path));
            }
        }
        return stage;
    }

    Connection blue() throws SQLException {
        return servers.blue().connect(database);
    }

    Connection green() throws SQLException {
        return servers.green().connect(database);
    }

    PostgresServer blueServer() {
        return servers.blue();
    }

    PostgresServer greenServer() {
        return servers.green();
    }

    /** What the shop holds, for people. */
    String contents() throws SQLException {
        try (Connection connection = blue();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COUNTS)) {
            row.next();
            return "%s customers, %s items, %s orders with %s lines, %s carts and page views"
                    .formatted(
                            Narrator.count(row.getLong(1)),
                            Narrator.count(row.getLong(2)),
                            Narrator.count(row.getLong(3)),
                            Narrator.count(row.getLong(4)),
                            Narrator.count(row.getLong(5)));
        }
    }
}
