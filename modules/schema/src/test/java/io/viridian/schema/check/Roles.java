package io.viridian.schema.check;

import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.schema.TwoDatabases;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A role of the same name on both sides, and the databases as it sees them. Gone when closed. */
final class Roles implements AutoCloseable {
    private static final AtomicInteger NEXT = new AtomicInteger(1);

    private final TwoDatabases databases;
    private final String name = "the mover " + NEXT.getAndIncrement();
    private final Database blue;
    private final Database green;

    Roles(TwoDatabases databases, String attributes) {
        this.databases = databases;
        databases.onBlue("create role \"%s\" %s".formatted(name, attributes));
        if (!databases
                .blue()
                .endpoint()
                .jdbcUrl()
                .split("/[^/]*$")[0]
                .equals(databases.green().endpoint().jdbcUrl().split("/[^/]*$")[0])) {
            databases.onGreen("create role \"%s\" %s".formatted(name, attributes));
        }
        this.blue = seen(Side.BLUE, databases.blue());
        this.green = seen(Side.GREEN, databases.green());
    }

    private Database seen(Side side, Database database) {
        return new Database(new Endpoint(side, database.endpoint().jdbcUrl(), Map.of("user", name)), "viridian test");
    }

    String name() {
        return name;
    }

    Database blue() {
        return blue;
    }

    Database green() {
        return green;
    }

    @Override
    public void close() {
        blue.close();
        green.close();
        for (Database database : java.util.List.of(databases.blue(), databases.green())) {
            database.run(session -> session.execute("""
                    do $$ begin
                        if exists (select from pg_roles where rolname = '%1$s') then
                            execute 'drop owned by "%1$s" cascade';
                        end if;
                    end $$""".formatted(name)));
        }
        databases.onBoth("drop role if exists \"%s\"".formatted(name));
    }
}
