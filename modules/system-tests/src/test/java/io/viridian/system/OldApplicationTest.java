package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/shop}: the old programs, unchanged, on blue, on green's old schema, and on blue again. */
@Timeout(300)
class OldApplicationTest {
    private static final Path EXAMPLE = Path.of("../../examples/shop");

    @TempDir
    Path directory;

    @Test
    void worksUnchangedOnEitherSideOfACutoverAndOfARollback() throws Exception {
        Rig rig = rig();
        String application = Files.readString(EXAMPLE.resolve("old-application.sql"));
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            rig.execute(Side.BLUE, application);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, application);
            driver.cutover();
            rig.execute(Side.GREEN, "set search_path = legacy_public, public; " + application);
            rig.execute(Side.GREEN, "set search_path = legacy_public, public; " + application);
            assertVerified(driver);
            assertUse(rig);
            driver.rollback();
            assertThat(rig.ask(Side.BLUE, "select count(*) from customers where notes = 'likes lamps'"))
                    .isEqualTo("4");
            rig.execute(Side.BLUE, application);
            driver.cutover();
            rig.execute(Side.GREEN, "set search_path = legacy_public, public; " + application);
            assertVerified(driver);
            driver.finish();
            rig.execute(Side.GREEN, "set search_path = legacy_public, public; " + application);
        }
        assertThat(rig.ask(Side.GREEN, "select count(*) from crm.customer where notes = 'likes lamps'"))
                .isEqualTo("7");
        rig.execute(Side.GREEN, """
                drop schema legacy_public cascade;
                drop schema legacy_bank cascade;
                drop schema viridian_legacy cascade
                """);
        rig.assertNothingLeft(before);
    }

    /** As the report tells it. */
    private static void assertUse(Rig rig) throws SQLException {
        assertThat(rig.ask(Side.GREEN, """
                select string_agg(distinct o.source, ' ' order by o.source)
                from viridian_legacy.object o join viridian_legacy.use u using (number)
                """))
                .isEqualTo("\"public\".\"carts\" \"public\".\"countries\" \"public\".\"customers\" \"public\".\"items\""
                        + " \"public\".\"order_lines\" \"public\".\"orders\" \"public\".\"page_views\""
                        + " \"public\".\"partners\" \"public\".\"refunds\" \"public\".\"settings\""
                        + " \"public\".\"vouchers\"");
        assertThat(rig.ask(Side.GREEN, "select string_agg(source, ' ') from viridian_legacy.object where reason <> ''"))
                .isEqualTo("null");
    }

    @Test
    void theOldSchemaGoesWithAMigrationThatIsAborted() throws Exception {
        Rig rig = rig();
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertThat(rig.ask(Side.GREEN, "select count(*) from legacy_public.customers"))
                    .isEqualTo("200");
            driver.abort();
        }
        rig.assertNothingLeft(before);
    }

    private static void assertVerified(Driver driver) throws InterruptedException {
        Panel.Asked verified = driver.carryOut(Operation.Type.VERIFY);
        assertThat(verified.succeeded()).as(verified.result().toString()).isTrue();
        assertThat(verified.result()).containsEntry("clean", "true");
    }

    private Rig rig() throws SQLException, IOException {
        Rig rig = new Rig(ServerPair.shared(14, 18), directory).configure("""
                        schema:
                          from: changelog
                          changelog: db/green.yaml
                        mapping: mapping.yaml
                        legacy:
                          enabled: true
                        """);
        Files.createDirectory(directory.resolve("db"));
        for (String file : List.of("mapping.yaml", "db/green.yaml", "db/shop.sql", "db/bank.sql")) {
            Files.copy(EXAMPLE.resolve(file), directory.resolve(file));
        }
        rig.execute(
                Side.BLUE,
                "set shop.customers = 200; " + Files.readString(EXAMPLE.resolve("blue/schema.sql"))
                        + Files.readString(EXAMPLE.resolve("blue/seed.sql"))
                        + Files.readString(EXAMPLE.resolve("blue/bank.sql")));
        return rig;
    }
}
