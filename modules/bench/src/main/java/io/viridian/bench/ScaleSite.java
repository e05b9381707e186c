package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes the databases of a step, each for itself: unlike {@link Ground} without a template, which would take the room
 * of the largest step once more. For the measuring thread.
 */
final class ScaleSite {
    static final int ROWS_OF_A_TABLE = 100;

    /** Committed at once, so that neither locks nor the file of a series grow with the step. */
    private static final int ROWS_AT_ONCE = 1_000_000;

    private static final int TABLES_AT_ONCE = 100;

    private final ServerPair servers;
    private final Patience patience;
    private int sites;

    ScaleSite(ServerPair servers, Patience patience) {
        this.servers = servers;
        this.patience = patience;
    }

    /** One narrow table. */
    Site rows(int rows) throws SQLException {
        return make(
                Volume.TABLE,
                "scale_rows",
                Volume.TABLE.empty() + Volume.TABLE.keys(),
                Volume.TABLE.empty(),
                """
            do $$
            begin
                for low in 1..%1$d by %2$d loop
                    insert into accounts
                    select n, 1 + (n - 1) / %3$d, 0, repeat(md5(n::text), 3)::char(84)
                    from generate_series(low, least(low + %2$d - 1, %1$d)) n;
                    commit;
                end loop;
            end $$
            """.formatted(rows, ROWS_AT_ONCE, Volume.ACCOUNTS_OF_A_BRANCH),
                Volume.TABLE.keys());
    }

    /** That many small tables with a key. */
    Site tables(int tables) throws SQLException {
        return make(
                Volume.MANY_TABLES, "scale_tables", small(tables, ""), small(tables, """
                    execute format('insert into small_%%s select n, md5(n::text), now() from generate_series(1, %d) n',
                                   number);
            """.formatted(ROWS_OF_A_TABLE)));
    }

    private static String small(int tables, String more) {
        return """
            do $$
            begin
                for number in 1..%d loop
                    execute format('create table small_%%s (id int primary key, name text, made timestamptz)', number);
            %s
                    if number %% %d = 0 then commit; end if;
                end loop;
            end $$
            """.formatted(tables, more, TABLES_AT_ONCE);
    }

    /** The bank for drains. */
    Site bank(int accounts) throws SQLException {
        return make(Volume.BANK, "scale_bank", Shape.SAME.green(Volume.BANK), Volume.BANK.blue(accounts));
    }

    /** For transactions that insert documents, each of which stays within its page. */
    Site documents() throws SQLException {
        String empty = Volume.LARGE_VALUES.empty() + Volume.LARGE_VALUES.keys();
        return make(Volume.LARGE_VALUES, "scale_large", empty, empty);
    }

    /** Fills blue by these statements, one after the other. */
    private Site make(Volume volume, String name, String green, String... blue) throws SQLException {
        sites++;
        Site site = new Site(servers, name + "_" + sites, volume, patience, false);
        servers.blue().createDatabase(site.database());
        servers.green().createDatabase(site.database());
        execute(site, Side.GREEN, green);
        execute(site, Side.BLUE, blue);
        execute(site, Side.BLUE, "vacuum (freeze, analyze)");
        site.checkpoint();
        return site;
    }

    private static void execute(Site site, Side side, String... statements) throws SQLException {
        try (Connection connection = site.connect(side);
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            // The checkpoint afterwards brings all of it to the disk.
            statement.execute("set synchronous_commit = off");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
