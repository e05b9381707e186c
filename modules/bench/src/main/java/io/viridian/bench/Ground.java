package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;

/** Both servers, and the databases that every measurement gets a copy of. For the measuring thread. */
final class Ground {
    private final ServerPair servers;
    private final int rows;
    private final Patience patience;
    private final boolean databasesStay;
    private final Map<Volume, String> templates = new EnumMap<>(Volume.class);
    private int sites;

    /** @param rows of the table accounts; the other tables go by that */
    Ground(ServerPair servers, int rows, Patience patience) {
        this(servers, rows, patience, false);
    }

    /**
     * On servers with pglogical, whose supervisor sleeps through the signal that {@code drop database} waits for until
     * every process has answered (PostgreSQL 15, storage/ipc/procsignal.c). There a database is emptied instead.
     */
    static Ground withPglogical(ServerPair servers, int rows, Patience patience) {
        return new Ground(servers, rows, patience, true);
    }

    private Ground(ServerPair servers, int rows, Patience patience, boolean databasesStay) {
        this.databasesStay = databasesStay;
        this.servers = servers;
        this.rows = rows;
        this.patience = patience;
    }

    /** Filled when first asked for; vacuumed and frozen, so that the first reader does not tidy up for the others. */
    private String template(Volume volume) throws SQLException {
        String known = templates.get(volume);
        if (known != null) {
            return known;
        }
        String name = servers.blue().freshDatabase(volume.template());
        try (Connection connection = servers.blue().connect(name);
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(volume.blue(rows));
            statement.execute("vacuum (freeze, analyze)");
        }
        templates.put(volume, name);
        return name;
    }

    int rows() {
        return rows;
    }

    /** Fresh databases: blue's with all rows, green's with empty tables. */
    Site site(Volume volume, Shape shape) throws SQLException {
        return site(volume, shape.green(volume));
    }

    /** The same, with green's tables as somebody wants them. */
    Site site(Volume volume, String green) throws SQLException {
        sites++;
        String template = template(volume);
        Site site = new Site(servers, template + "_" + sites, volume, patience, databasesStay);
        // Copying files is the fast way, and the copy is on disk before anything is measured.
        servers.blue()
                .execute("create database %s template %s strategy file_copy".formatted(site.database(), template));
        servers.green().createDatabase(site.database());
        site.execute(Side.GREEN, green);
        return site;
    }

    Patience patience() {
        return patience;
    }

    String version() throws SQLException {
        try (Connection connection = servers.blue().connect("postgres")) {
            return Site.ask(connection, "show server_version");
        }
    }
}
