package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.journal.ControlSchema;
import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.Session;
import io.viridian.schema.TwoDatabases;
import io.viridian.schema.green.SchemaOrigin;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.server.ServerRole;
import io.viridian.testkit.server.Servers;
import io.viridian.testkit.server.SharedServers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the databases at the beginning. */
@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class StateChecksTest {
    @TempDir
    Path empty;

    private TwoDatabases databases;
    private CheckWorld world;

    @BeforeEach
    void createDatabases() throws SQLException {
        databases = TwoDatabases.shared(15, 17).onBoth("create table item (id int primary key, name text)");
        world = CheckWorld.of(databases);
    }

    @AfterEach
    void closeDatabases() {
        databases.close();
    }

    @Test
    void aTargetThatHoldsRowsIsRefusedWithTheirNumberAndThenAllRightWhenUnderWay() throws Exception {
        databases.onGreen("insert into item select n from generate_series(1, 321) n");
        List<Finding> findings = world.run(new TargetTableCheck());
        assertThat(findings)
                .containsExactly(Finding.refused(
                        "green.table-not-empty",
                        "public.item",
                        "green's table public.item holds about 321 rows; the load fills empty tables only",
                        "truncate \"public\".\"item\";"));
        assertThat(world.underWay().run(new TargetTableCheck())).isEmpty();
        databases.onGreen(findings.getFirst().fix());
        assertThat(world.run(new TargetTableCheck())).isEmpty();
    }

    @Test
    void aTargetThatTheDumpIsToCreateMustNotExist() throws Exception {
        List<Finding> findings = world.from(new SchemaOrigin.Blue()).run(new TargetTableCheck());
        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo("green has table public.item already, and schema.from is blue, which creates it"));
        databases.onGreen(findings.getFirst().fix());
        assertThat(world.from(new SchemaOrigin.Blue()).run(new TargetTableCheck()))
                .isEmpty();
    }

    @Test
    void leftoversOfAnEarlierMigrationAreRefusedWithTheSqlThatRemovesThem() throws Exception {
        String slot = "viridian_old_" + System.nanoTime();
        ControlSchema.install(databases.blue(), ControlSchema.Role.BLUE);
        ControlSchema.install(databases.green(), ControlSchema.Role.GREEN);
        databases
                .onBlue("insert into viridian.ownership values ('old-shop', 'blue', 'blue', 7, 'OPEN');"
                        + " create publication viridian_old for table item")
                .onBlue("select pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(slot));
        List<Finding> findings = world.run(new LeftoverCheck());
        assertThat(findings).extracting(Finding::id).containsExactly("blue.leftovers", "green.leftovers");
        assertThat(findings.getFirst().message())
                .contains("blue holds replication slot " + slot
                        + ", publication viridian_old, schema viridian of migration"
                        + " old-shop (owner blue, epoch 7), but this migration has no journal");
        assertThat(world.underWay().run(new LeftoverCheck())).isEmpty();
        databases.onBlue(findings.getFirst().fix()).onGreen(findings.getLast().fix());
        assertThat(world.run(new LeftoverCheck())).isEmpty();
    }

    @Test
    void aJournalAloneIsNoLeftover() throws Exception {
        ControlSchema.install(databases.blue(), ControlSchema.Role.JOURNAL);
        assertThat(world.run(new LeftoverCheck())).isEmpty();
    }

    @Test
    void triggersAndRulesThatWouldFireForAppliedRowsAreRefused() throws Exception {
        databases.onGreen("""
                create function stamp() returns trigger language plpgsql as 'begin return new; end';
                create trigger "Stamp it" before insert on item for each row execute function stamp();
                alter table item enable always trigger "Stamp it";
                create trigger usual before insert on item for each row execute function stamp();
                create rule copy as on update to item do also notify changed;
                alter table item enable replica rule copy;
                create schema viridian;
                create function viridian.guard() returns trigger language plpgsql as 'begin return null; end';
                create trigger viridian_guard before insert on item for each statement execute function viridian.guard();
                alter table item enable always trigger viridian_guard
                """);
        List<Finding> findings = world.run(new FiringTriggerCheck());
        assertThat(findings)
                .extracting(Finding::message)
                .containsExactly(
                        "rule copy of table public.item on green is enabled for replicas, so it fires for rows that we"
                                + " apply",
                        "trigger Stamp it of table public.item on green is enabled always, so it fires for rows that we"
                                + " apply");
        findings.forEach(finding -> databases.onGreen(finding.fix()));
        assertThat(world.run(new FiringTriggerCheck())).isEmpty();
    }

    @Test
    void aTriggerOnAPartitionIsFoundOnBlueWhenRowsTravelBack() throws Exception {
        databases.onBoth("""
                create table part (id int, day date, primary key (id, day)) partition by range (day);
                create table part_1 partition of part for values from ('2026-01-01') to ('2027-01-01')
                """).onBlue("""
                create function stamp() returns trigger language plpgsql as 'begin return new; end';
                create trigger stamp before insert on part_1 for each row execute function stamp();
                alter table part_1 enable replica trigger stamp
                """);
        assertThat(world.run(new FiringTriggerCheck())).isEmpty();
        assertThat(world.reversible().run(new FiringTriggerCheck()))
                .extracting(Finding::object)
                .containsExactly("public.part_1");
        assertThat(world.from(new SchemaOrigin.Blue()).run(new FiringTriggerCheck()))
                .hasSize(1);
    }

    @Test
    void aDeferrableKeyIsToldOf() throws Exception {
        databases.onGreen("alter table item add constraint one_name unique (name) deferrable initially deferred");
        List<Finding> findings = world.run(new DeferrableKeyCheck());
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.message()).contains("constraint one_name of table public.item on green is deferrable");
        });
        databases.onGreen(findings.getFirst().fix());
        assertThat(world.run(new DeferrableKeyCheck())).isEmpty();
    }

    @Test
    void aForeignKeyToATableThatNobodyFillsIsToldOf() throws Exception {
        databases.onBoth("""
                create table session (id int primary key);
                alter table item add session int constraint of_session references session
                """);
        MappingSpec withoutSession = new MappingSpec(
                List.of(), Map.of(), List.of(TablePattern.EVERY_TABLE), List.of(TablePattern.parse("public.session")));
        assertThat(world.run(new UnfedReferenceCheck())).isEmpty();
        assertThat(world.with(withoutSession).run(new UnfedReferenceCheck()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
                    assertThat(finding.message())
                            .isEqualTo(
                                    "foreign key of_session of public.item on green points to public.session, which no"
                                            + " rule fills; it is validated after the load and fails for every row that uses it");
                });
    }

    @Test
    void whatReplicationDoesNotCarryIsNamed() throws Exception {
        databases.onBlue("""
                create unlogged table scratch (id int primary key);
                create materialized view summary as select 1 as one;
                create extension postgres_fdw;
                create server far foreign data wrapper postgres_fdw;
                create foreign table remote (id int) server far;
                select lo_create(0)
                """);
        assertThat(world.run(new UncarriedCheck()))
                .extracting(Finding::id, Finding::object)
                .contains(
                        tuple("blue.foreign-table", "public.remote"),
                        tuple("blue.unlogged-table", "public.scratch"),
                        tuple("blue.materialized-view", "public.summary"),
                        tuple("blue.large-objects", "pg_largeobject"));
        try (Session session = databases.blue().open("application")) {
            session.execute("create temp table mine (id int)");
            assertThat(world.run(new UncarriedCheck())).extracting(Finding::id).contains("blue.temporary-tables");
        }
    }

    @Test
    void whoeverListensOrNotifiesIsNamedAsFarAsItCanBeSeen() throws Exception {
        assertThat(world.run(new NotificationCheck())).isEmpty();
        databases.onBlue("""
                create function tell() returns trigger language plpgsql as
                    'begin perform pg_notify(''items'', new.id::text); return new; end'
                """);
        try (Session listener = databases.blue().open("listener");
                Session other = databases.blue().open("other")) {
            listener.execute("listen items");
            other.execute("listen items");
            other.execute("select 1");
            assertThat(world.run(new NotificationCheck()))
                    .extracting(Finding::id, Finding::object)
                    .containsExactly(
                            tuple("blue.listeners", databases.blue().applicationName() + " listener"),
                            tuple("blue.notifiers", "tell()"));
        }
    }

    @Test
    void whoeverHoldsAdvisoryLocksIsNamedAndWeAreNot() throws Exception {
        try (Session application = databases.blue().open("worker");
                Session ours = databases.blue().open("lock")) {
            ours.execute("select pg_advisory_lock(1)");
            application.execute("set application_name = 'billing'");
            application.execute("select pg_advisory_lock(7), pg_advisory_lock(8)");
            assertThat(world.run(new AdvisoryLockCheck())).singleElement().satisfies(finding -> {
                assertThat(finding.object()).isEqualTo("billing");
                assertThat(finding.message()).contains("billing (role postgres) holds 2 advisory locks on blue");
            });
        }
        assertThat(world.run(new AdvisoryLockCheck())).isEmpty();
    }

    @Test
    void inheritanceIsRefusedAndPartitionsAreNot() throws Exception {
        databases.onBoth("""
                create table special (extra text) inherits (item);
                alter table special add primary key (id);
                create table part (id int, day date, primary key (id, day)) partition by range (day);
                create table part_1 partition of part for values from ('2026-01-01') to ('2027-01-01')
                """);
        assertThat(world.run(new InheritanceCheck()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo(
                                "table public.item on blue has children by inheritance (special), which cannot be moved yet;"
                                        + " partitions can"));
    }

    @Test
    void anOpenTransactionIsToldOfWithItsProcess() throws Exception {
        try (Session session = databases.blue().open("report")) {
            session.begin();
            session.execute("select 1");
            assertThat(world.run(new LongTransactionCheck(Duration.ZERO))).anySatisfy(finding -> {
                assertThat(finding.object()).isEqualTo("pid " + session.pid());
                assertThat(finding.message()).contains("viridian test report, idle in transaction");
                assertThat(finding.fix()).isEqualTo("select pg_terminate_backend(" + session.pid() + ");");
            });
            assertThat(world.run(new LongTransactionCheck(Duration.ofHours(1)))).isEmpty();
        }
    }

    @Test
    void aPreparedTransactionIsToldOfAndRefusedWhenItHoldsOurTables() throws Exception {
        try (ServerPair servers = new ServerPair(
                        Servers.start(ServerRole.BLUE, 15, Map.of("max_prepared_transactions", "5")),
                        SharedServers.green(17));
                TwoDatabases own = TwoDatabases.between(servers)
                        .onBoth("create table item (id int primary key)")
                        .onBlue("create table other (id int)")) {
            try (Session session = own.blue().open("application")) {
                session.begin();
                session.execute("insert into other values (1); prepare transaction 'somebody''s'");
                session.rollback();
                session.begin();
                session.execute("insert into item values (1); prepare transaction 'ours'");
                session.rollback();
            }
            CheckWorld mapped = CheckWorld.of(own).with(CheckWorld.rule("item", "i", "item", Map.of("id", "i.id")));
            List<Finding> findings = mapped.run(new PreparedTransactionCheck());
            assertThat(findings)
                    .extracting(Finding::object, Finding::severity)
                    .containsExactly(
                            tuple("somebody's", Finding.Severity.WARNING), tuple("ours", Finding.Severity.REFUSED));
            assertThat(findings.getLast().message())
                    .contains("prepared transaction 'ours' of postgres")
                    .endsWith("holds locks on item");
            findings.forEach(finding -> own.onBlue(finding.fix()));
            assertThat(mapped.run(new PreparedTransactionCheck())).isEmpty();
        }
    }

    @Test
    void aMissingPgDumpIsRefusedOnlyWhenItIsNeeded() throws Exception {
        assertThat(world.withPrograms(List.of(empty)).run(new PgDumpCheck())).isEmpty();
        assertThat(world.from(new SchemaOrigin.Blue())
                        .withPrograms(List.of(empty))
                        .run(new PgDumpCheck()))
                .containsExactly(Finding.refused(
                        "schema.pg-dump",
                        "pg_dump",
                        "no pg_dump was found; blue runs PostgreSQL 15, which pg_dump 15 or newer can read (Debian package"
                                + " postgresql-client-15); looked in [" + empty + "]",
                        "apt-get install postgresql-client-15"));
    }

    @Test
    void anExtensionThatGreenDoesNotHaveIsRefused() throws Exception {
        databases.onBlue("""
                create extension hstore;
                update pg_extension set extname = 'homegrown' where extname = 'hstore'
                """);
        assertThat(world.from(new SchemaOrigin.Blue()).run(new ExtensionCheck()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo("blue uses extension homegrown, which is not installed on green's machine"));
        assertThat(world.run(new ExtensionCheck())).isEmpty();
    }
}
