package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.schema.TwoDatabases;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.KeepServerLogs;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
@ParameterizedClass
@CsvSource("14, 18")
class DeferredObjectsTest {
    private static final TableName CUSTOMER = TableName.parse("public.customer");
    private static final TableName ORDERS = TableName.parse("public.orders");

    private static final String TABLES = """
            create table country (code text primary key);
            create table customer (
                id int primary key,
                email text not null constraint customer_email unique,
                badge text constraint customer_badge unique deferrable initially deferred,
                name text not null,
                country text references country
            );
            create index customer_name on customer (lower(name), id) where name <> '';
            create index customer_shout on customer (upper(name));
            alter index customer_shout alter column 1 set statistics 500;
            comment on index customer_name is 'for ''the'' list';
            comment on constraint customer_email on customer is 'one account each';
            alter table customer cluster on customer_shout;
            create table orders (
                id int primary key,
                customer int not null references customer (id) on delete cascade,
                during int4range,
                exclude using gist (during with &&)
            );
            create table visit (id int, at date, customer int references customer (id), primary key (id, at))
                partition by range (at);
            create table visit_2026 partition of visit for values from ('2026-01-01') to ('2027-01-01');
            create index visit_customer on visit (customer);
            """;

    /** Every index and constraint with everything that hangs on it, one line each. */
    private static final String EVERYTHING = """
            select pg_get_indexdef(i.indexrelid) || ' ' || i.indisreplident || i.indisclustered || i.indisvalid
                   || i.indimmediate || coalesce(obj_description(i.indexrelid, 'pg_class'), '')
                   || array(select a.attstattarget from pg_attribute a where a.attrelid = i.indexrelid)::text
            from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace
            union all
            select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
                   || coalesce(obj_description(oid, 'pg_constraint'), '')
            from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0
            union all
            select oid::regclass || ' ' || relreplident::text from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
            order by 1
            """;

    private static final String INDEXES =
            "select indexname from pg_indexes where schemaname = 'public' and tablename !~ 'visit' order by 1";

    private final TwoDatabases databases;
    private final DeferredObjects deferred;
    private final List<Route> routes;
    private final List<String> before;

    DeferredObjectsTest(int blueMajor, int greenMajor) throws SQLException, InterruptedException {
        databases = TwoDatabases.shared(blueMajor, greenMajor)
                .onBoth(TABLES)
                .onGreen("alter table customer replica identity using index customer_email")
                .withControlSchema();
        new GreenSchema(databases.blue(), databases.green(), "shop", List.of()).apply(new SchemaOrigin.None());
        deferred = new DeferredObjects(databases.green(), "shop");
        routes = databases.plan().plan().forward();
        before = everything();
    }

    @AfterEach
    void closeDatabases() {
        databases.close();
    }

    @Test
    void theLoadMeetsKeysOnlyAndOfTablesLoadedWholeNotEvenThose() {
        defer(CUSTOMER);
        assertThat(texts(INDEXES)).containsExactly("country_pkey", "orders_pkey");
        assertThat(texts("select conname from pg_constraint where contype = 'f'"))
                .isEmpty();
        assertThat(texts("select indexname from pg_indexes where tablename = 'visit' order by 1"))
                .containsExactly("visit_customer", "visit_pkey");
    }

    @Test
    void aNotNullColumnStaysNotNullWithoutItsPrimaryKey() {
        defer(CUSTOMER);
        assertThatThrownBy(() -> databases.onGreen("insert into customer values (null, 'e', 'b', 'n', 'c')"))
                .hasMessageContaining("23502");
    }

    @Test
    void everythingIsAsItWasInTheEnd() throws Exception {
        defer(CUSTOMER);
        load();
        databases.green().run(session -> deferred.buildKey(session, CUSTOMER));
        assertThat(texts(INDEXES)).contains("customer_pkey");
        deferred.buildRemaining(2, BuildProgress.NONE);
        assertThat(everything()).isEqualTo(before);
        assertThat(deferred.pending()).isEmpty();
        assertThat(texts("select reltuples::int from pg_class where relname = 'customer'"))
                .containsExactly("100");
    }

    @Test
    void whatWasNeverBuiltAsAKeyIsBuiltWithTheRest() throws Exception {
        defer(CUSTOMER, ORDERS);
        load();
        deferred.buildRemaining(2, BuildProgress.NONE);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void progressCountsUpToTheTotal() throws Exception {
        defer(CUSTOMER);
        List<Integer> counts = Collections.synchronizedList(new ArrayList<>());
        int total = deferred.pending().size();
        deferred.buildRemaining(2, (object, done, of) -> {
            assertThat(of).isEqualTo(total);
            counts.add(done);
        });
        assertThat(counts)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, total).boxed().toList());
    }

    @Test
    void askingAgainChangesNothing() throws Exception {
        defer(CUSTOMER);
        List<DeferredObject> once = deferred.pending();
        defer(CUSTOMER, ORDERS);
        assertThat(deferred.pending()).isEqualTo(once);
        deferred.buildRemaining(2, BuildProgress.NONE);
        deferred.buildRemaining(2, BuildProgress.NONE);
        databases.green().run(session -> deferred.buildKey(session, CUSTOMER));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aTargetWithRowsIsRefusedAndNothingIsTakenOff() {
        databases.onGreen("insert into country values ('de')");
        assertThatThrownBy(() -> defer(CUSTOMER))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FaultCode.SCHEMA_FAILED))
                .hasMessageContaining("green's table public.country holds rows");
        assertThat(everything()).isEqualTo(before);
        assertThat(deferred.pending()).isEmpty();
        databases.onGreen("truncate country cascade");
        defer(CUSTOMER);
        assertThat(deferred.pending()).isNotEmpty();
    }

    @Test
    void whatAViewNeedsStaysDuringTheLoad() throws Exception {
        databases.onGreen("create view named as select id, name from customer group by id");
        defer(CUSTOMER);
        assertThat(texts(INDEXES)).contains("customer_pkey").doesNotContain("customer_name");
        databases.green().run(session -> deferred.buildKey(session, CUSTOMER));
        deferred.buildRemaining(1, BuildProgress.NONE);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void guardTriggersStayInForce() {
        databases.onGreen("""
                create function viridian.guard() returns trigger language plpgsql as
                    'begin raise exception ''viridian: closed''; end';
                create trigger viridian_guard before insert on customer
                    for each statement execute function viridian.guard()
                """);
        defer(CUSTOMER);
        assertThatThrownBy(() -> databases.onGreen("insert into customer values (1, 'e', 'b', 'n', 'c')"))
                .hasMessageContaining("viridian: closed");
    }

    @Nested
    final class ACrash {
        @Test
        void inTheMiddleOfTakingOffLeavesEverythingOn() {
            databases.onGreen("""
                    create function die() returns event_trigger language plpgsql as $$
                    begin
                        if to_regclass('public.customer_name') is null then
                            perform pg_terminate_backend(pg_backend_pid());
                        end if;
                    end $$;
                    create event trigger die on sql_drop execute function die()
                    """);
            assertThatThrownBy(() -> defer(CUSTOMER)).isInstanceOf(FaultException.class);
            assertThat(everything()).isEqualTo(before);
            assertThat(deferred.pending()).isEmpty();
            databases.onGreen("drop event trigger die");
            defer(CUSTOMER);
            assertThat(deferred.pending()).isNotEmpty();
        }

        @Test
        void afterAnyStepOfBuildingIsContinuedWhereItStopped() throws Exception {
            defer(CUSTOMER);
            load();
            databases.onGreen("""
                    create function die() returns event_trigger language plpgsql as $$
                    begin
                        perform pg_terminate_backend(pg_backend_pid());
                    end $$;
                    create event trigger die on ddl_command_end when tag in
                        ('CREATE INDEX', 'ALTER TABLE', 'COMMENT', 'ALTER INDEX') execute function die()
                    """);
            int steps = deferred.pending().size();
            for (int left = steps; left > 0; left = deferred.pending().size()) {
                assertThatThrownBy(() -> deferred.buildRemaining(1, BuildProgress.NONE))
                        .isInstanceOf(FaultException.class);
                assertThat(deferred.pending()).hasSize(left);
                databases.onGreen("alter event trigger die disable");
                oneStep();
                databases.onGreen("alter event trigger die enable");
                if (deferred.pending().stream().allMatch(object -> object.kind() == DeferredObject.Kind.STATISTICS)) {
                    break;
                }
            }
            databases.onGreen("drop event trigger die");
            deferred.buildRemaining(1, BuildProgress.NONE);
            assertThat(everything()).isEqualTo(before);
        }

        /** Builds until the first step is reported, then stops by failing. */
        private void oneStep() {
            assertThatThrownBy(() -> deferred.buildRemaining(1, (object, done, total) -> {
                        throw new IllegalStateException("stop here");
                    }))
                    .hasMessage("stop here");
        }
    }

    @Nested
    final class RowsThatViolate {
        @Test
        void aUniqueIndexAreNamed() {
            defer(CUSTOMER);
            databases.onGreen("insert into customer select n, 'same', null, 'x', null from generate_series(1, 2) n");
            assertThatThrownBy(() -> deferred.buildRemaining(1, BuildProgress.NONE))
                    .isInstanceOfSatisfying(FaultException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(FaultCode.ROW_REFUSED);
                        assertThat(failure.fault().object()).isEqualTo("public.customer.customer_email");
                    })
                    .hasMessageContaining("Key (email)=(same) is duplicated");
        }

        @Test
        void aForeignKeyAreNamedAndTheValidationCanBeRepeated() throws Exception {
            defer(CUSTOMER);
            load();
            databases.onGreen("insert into orders values (1000, 4711)");
            assertThatThrownBy(() -> deferred.buildRemaining(1, BuildProgress.NONE))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FaultCode.ROW_REFUSED))
                    .hasMessageContaining("validation of orders_customer_fkey of public.orders")
                    .hasMessageContaining("Key (customer)=(4711) is not present");
            databases.onGreen("delete from orders where id = 1000");
            deferred.buildRemaining(1, BuildProgress.NONE);
            assertThat(everything()).isEqualTo(before);
        }
    }

    @Nested
    final class SomebodyElse {
        @Test
        void whoBuiltTheSameIndexByHandDidNoHarm() throws Exception {
            defer(CUSTOMER);
            databases.onGreen("create index customer_shout on customer (upper(name))");
            deferred.buildRemaining(1, BuildProgress.NONE);
            assertThat(everything()).isEqualTo(before);
        }

        @Test
        void whoBuiltAnotherOneUnderItsNameIsTold() {
            defer(CUSTOMER);
            databases.onGreen("create index customer_shout on customer (name)");
            assertThatThrownBy(() -> deferred.buildRemaining(1, BuildProgress.NONE))
                    .hasMessageContaining("green has the index customer_shout of public.customer already, but as")
                    .hasMessageContaining("drop it, then resume");
        }

        @Test
        void whoHoldsATableForAWhileOnlyDelaysIt() throws Exception {
            defer(CUSTOMER);
            try (Session writer = databases.green().open("writer");
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                writer.begin();
                writer.execute("insert into customer values (1, 'e', 'b', 'n', null)");
                Future<Boolean> build = threads.submit(() -> {
                    deferred.buildRemaining(2, BuildProgress.NONE);
                    return true;
                });
                Await.until(
                        "an attempt failed for lack of the lock",
                        Duration.ofSeconds(30),
                        () -> texts("""
                        select count(*) > 0 from pg_stat_activity
                        where application_name like '%build' and wait_event_type = 'Lock'
                        """).contains("t"));
                writer.commit();
                assertThat(build.get()).isTrue();
            }
            assertThat(everything()).isEqualTo(before);
        }

        @Test
        void whoWritesAllTheTimeIsNotStoppedForGood() throws Exception {
            defer(CUSTOMER);
            load();
            try (Session writer = databases.green().open("writer");
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                writer.execute("set session_replication_role = replica");
                Future<Boolean> build = threads.submit(() -> {
                    deferred.buildRemaining(2, BuildProgress.NONE);
                    return true;
                });
                int id = 1000;
                while (!build.isDone()) {
                    window(writer, id++);
                }
                assertThat(build.get()).isTrue();
            }
            assertThat(everything()).isEqualTo(before);
        }

        /** As the change stream writes: several tables in one transaction, tried again when the server ends it. */
        private void window(Session writer, int id) {
            try {
                writer.transaction(() -> {
                    writer.update("insert into orders values (?, 1)", id);
                    writer.update("insert into customer values (?, ?, ?, 'n', 'de')", id, "e" + id, "b" + id);
                });
            } catch (FaultException busy) {
                assertThat(busy.code()).isEqualTo(FaultCode.GREEN_BUSY);
            }
        }

        @Test
        void whoInterruptsTheBuildIsHeardAtOnce() throws Exception {
            defer(CUSTOMER);
            try (Session writer = databases.green().open("writer")) {
                writer.begin();
                writer.execute("lock table customer in access exclusive mode");
                Thread conductor = Thread.currentThread();
                Thread operator = Thread.ofVirtual().start(() -> {
                    try {
                        Await.until(
                                "the build waits",
                                Duration.ofSeconds(30),
                                () -> texts("""
                                select count(*) > 0 from pg_stat_activity
                                where application_name like '%build' and wait_event_type = 'Lock'
                                """).contains("t"));
                    } catch (InterruptedException unexpected) {
                        throw new IllegalStateException(unexpected);
                    }
                    conductor.interrupt();
                });
                assertThatThrownBy(() -> deferred.buildRemaining(2, BuildProgress.NONE))
                        .isInstanceOf(InterruptedException.class);
                operator.join();
            }
            deferred.buildRemaining(2, BuildProgress.NONE);
            assertThat(everything()).isEqualTo(before);
        }
    }

    private void defer(TableName... withoutKey) {
        deferred.defer(routes, Set.of(withoutKey));
    }

    private void load() {
        databases.onGreen("""
                insert into country values ('de');
                insert into customer select n, 'e' || n, 'b' || n, 'name ' || n, 'de' from generate_series(1, 100) n;
                insert into orders select n, n from generate_series(1, 100) n
                """);
    }

    private List<String> everything() {
        return texts(EVERYTHING);
    }

    private List<String> texts(String query) {
        return TwoDatabases.texts(databases.green(), query);
    }
}
