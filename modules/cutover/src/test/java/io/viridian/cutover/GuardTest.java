package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.testkit.server.ServerPair;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

final class GuardTest {
    private static final String TABLES = Pair.ACCOUNTS + """
            create table public.journal (day date not null, id bigint, primary key (day, id)) partition by range (day);
            create table public.journal_2026 partition of public.journal
                for values from ('2026-01-01') to ('2027-01-01') partition by range (day);
            create table public.journal_2026_h1 partition of public.journal_2026
                for values from ('2026-01-01') to ('2026-07-01');
            """;

    private Pair pair;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create(ServerPair.shared(14, 18), TABLES);
        for (Side side : Side.values()) {
            try (Connection application = pair.application(side);
                    Statement statement = application.createStatement()) {
                statement.execute("set viridian.token = 'shop-v2:1'; insert into public.accounts values (1, 10)");
            }
        }
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    @Test
    void blueBeginsOpenAndGreenClosed() {
        assertThat(pair.guardOf(Side.BLUE)).isEqualTo(new GuardState.Open(Pair.MIGRATION, 1));
        assertThat(pair.guardOf(Side.GREEN)).isEqualTo(new GuardState.Closed(Pair.MIGRATION, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into public.accounts values (2, 20)",
                "insert into public.accounts values (1, 20) on conflict (id) do update set balance = excluded.balance",
                "update public.accounts set balance = 0",
                "delete from public.accounts where false",
                "truncate public.accounts",
                "set session_replication_role = replica; update public.accounts set balance = 0",
                "with gone as (delete from public.accounts returning id) select * from gone",
                "insert into public.journal values ('2026-02-01', 1)",
                "insert into public.journal_2026 values ('2026-02-01', 1)",
                "insert into public.journal_2026_h1 values ('2026-02-01', 1)",
                "set viridian.token = 'shop-v2:0'; update public.accounts set balance = 0",
                "set viridian.token = 'another:1'; update public.accounts set balance = 0",
                "set viridian.token = ''; update public.accounts set balance = 0",
            })
    void aClosedSideRefuses(String statement) throws SQLException {
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            assertRefused(() -> writer.execute(statement));
        }
        assertThat(pair.ask(Side.GREEN, "select sum(balance)::text from public.accounts"))
                .isEqualTo("10");
    }

    @Test
    void aClosedSideRefusesCopy() throws SQLException {
        try (Connection application = pair.application(Side.GREEN)) {
            assertRefused(() -> application
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy public.accounts from stdin", new StringReader("7\t7\n")));
        }
    }

    @Test
    void theRefusalSaysWhichSideWhichEpochAndWhereToWriteNow() throws SQLException {
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            assertThatThrownBy(() -> writer.execute("update public.accounts set balance = 0"))
                    .isInstanceOfSatisfying(PSQLException.class, refused -> {
                        assertThat(refused.getServerErrorMessage().getMessage())
                                .isEqualTo("viridian: green is closed for writes (migration shop-v2, epoch 1)");
                        assertThat(refused.getServerErrorMessage().getDetail()).isEqualTo("UPDATE on public.accounts");
                        assertThat(refused.getServerErrorMessage().getHint())
                                .contains("Connect to blue")
                                .contains("127.0.0.1:" + pair.blueServer.port() + "/" + pair.databaseName());
                    });
        }
    }

    @Test
    void readsAndRowLocksPassAClosedSide() throws SQLException {
        try (Connection application = pair.application(Side.GREEN);
                Statement reader = application.createStatement()) {
            assertThatCode(() -> reader.execute("select * from public.accounts for update"))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void theTokenOfTheEpochPasses() throws SQLException {
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            writer.execute("set viridian.token = '" + Guard.token(Pair.MIGRATION, 1) + "'");
            writer.execute("update public.accounts set balance = 11");
        }
        assertThat(pair.ask(Side.GREEN, "select balance::text from public.accounts"))
                .isEqualTo("11");
    }

    @Test
    void aTokenOfYesterdayIsRefusedAfterTheNextClosing() throws SQLException {
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            writer.execute("set viridian.token = 'shop-v2:1'; update public.accounts set balance = 11");
            pair.green.run(session -> pair.guard().close(session, 3));
            assertRefused(() -> writer.execute("update public.accounts set balance = 12"));
        }
    }

    @Test
    void aCachedPlanThatWroteBeforeIsRefusedAfterTheClosing() throws SQLException {
        try (Connection application = pair.application(Side.BLUE);
                PreparedStatement write = prepared(application)) {
            for (int round = 0; round < 8; round++) {
                write.setInt(1, round);
                write.execute();
            }
            pair.blue.run(session -> pair.guard().close(session, 2));
            write.setInt(1, 99);
            assertRefused(write::execute);
        }
    }

    private static PreparedStatement prepared(Connection application) throws SQLException {
        PreparedStatement write = application.prepareStatement("update public.accounts set balance = ? where id = 1");
        write.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
        return write;
    }

    @Test
    void aTransactionWithASnapshotFromBeforeIsRefusedAfterTheClosing() throws SQLException {
        try (Connection application = pair.application(Side.BLUE);
                Statement writer = application.createStatement()) {
            application.setAutoCommit(false);
            application.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            writer.execute("select count(*) from public.accounts");
            pair.blue.run(session -> pair.guard().close(session, 2));
            assertRefused(() -> writer.execute("update public.accounts set balance = 0"));
        }
    }

    @Test
    void aRoutineThatRunsAsItsOwnerIsRefusedToo() throws SQLException {
        pair.green.run(session -> session.execute("""
                create function public.pay() returns void language sql security definer as
                    'update public.accounts set balance = 0'
                """));
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            assertRefused(() -> writer.execute("select public.pay()"));
        }
    }

    private long refusedOnGreen() {
        return pair.green.query(Guard::refused).orElseThrow();
    }

    @Test
    void aRefusalIsCountedAlthoughItUndoesEverythingElse() throws SQLException {
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            assertThat(refusedOnGreen()).isZero();
            for (int times = 0; times < 40; times++) {
                assertRefused(() -> writer.execute("begin; update public.accounts set balance = 0"));
                writer.execute("rollback");
            }
            assertRefused(() -> writer.execute("delete from public.accounts where false"));
            writer.execute("set viridian.token = '" + Guard.token(Pair.MIGRATION, 1) + "'");
            writer.execute("update public.accounts set balance = 11");
        }
        assertThat(refusedOnGreen()).isEqualTo(41);
    }

    @Test
    void whoMayUseNothingOfOursIsCountedLikeEverybody() throws SQLException {
        String role = role("create schema evil_%1$s authorization %1$s; grant insert on public.accounts to %1$s");
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            writer.execute("set role " + role);
            assertRefused(() -> writer.execute("insert into public.accounts values (2, 2)"));
            assertThatThrownBy(() -> writer.execute("select nextval('viridian.refused')"))
                    .hasMessageContaining("permission denied");
        } finally {
            drop(role);
        }
        assertThat(refusedOnGreen()).isEqualTo(1);
    }

    /** What the caller calls "equal" would run with the rights of the function's owner. */
    @Test
    void nothingOfTheCallersRunsWithOurRights() throws SQLException {
        String role = role("create schema evil_%1$s authorization %1$s; grant insert on public.accounts to %1$s");
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            writer.execute("set role %1$s; set search_path = evil_%1$s, pg_catalog".formatted(role));
            writer.execute("create function same(text, text) returns boolean language plpgsql as "
                    + "'begin raise exception ''ran as %'', current_user; end'; "
                    + "create operator = (leftarg = text, rightarg = text, function = same)");
            assertRefused(() -> writer.execute("insert into public.accounts values (2, 2)"));
        } finally {
            drop(role);
        }
    }

    private String role(String rights) {
        String role = "guard_" + pair.databaseName();
        pair.green.run(session -> session.execute("create role " + role + ";" + rights.formatted(role)));
        return role;
    }

    private void drop(String role) {
        pair.green.run(session -> session.execute("drop owned by %1$s cascade; drop role %1$s".formatted(role)));
    }

    @Test
    void whoCannotBeCountedIsRefusedAllTheSame() throws SQLException {
        pair.green.run(session -> session.execute("drop sequence viridian.refused"));
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            assertRefused(() -> writer.execute("update public.accounts set balance = 0"));
        }
        assertThat(pair.green.query(Guard::refused)).isEmpty();
    }

    @Test
    void theGuardSpeaksBeforeTheApplicationsOwnTriggers() throws SQLException {
        pair.green.run(session -> session.execute("""
                create function public.aaa() returns trigger language plpgsql as
                    'begin raise exception ''the application was asked first''; end';
                create trigger "$first" before update on public.accounts for each statement execute function public.aaa();
                create trigger aaa before update on public.accounts for each statement execute function public.aaa()
                """));
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            assertRefused(() -> writer.execute("update public.accounts set balance = 0"));
        }
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void installingAgainChangesNothingAndLocksNothing(Side side) {
        GuardState before = pair.guardOf(side);
        try (Session writer = pair.on(side).open("writer");
                Session installer = pair.on(side).open("installer")) {
            writer.begin();
            writer.execute("lock table public.accounts in row exclusive mode");
            installer.execute("set statement_timeout = '5s'");
            pair.guard().install(installer, pair.plan().tablesOn(side));
        }
        assertThat(pair.guardOf(side)).isEqualTo(before);
    }

    @Test
    void aGuardThatSomebodyDroppedComesBackAsTheOwnershipRowSays() {
        pair.blue.run(session -> {
            session.execute("update viridian.ownership set owner = 'green', epoch = 2, state = 'TRANSFERRED'");
            session.execute("drop function viridian.guard() cascade");
            pair.guard().install(session, pair.plan().tablesOn(Side.BLUE));
        });
        assertThat(pair.guardOf(Side.BLUE)).isEqualTo(new GuardState.Closed(Pair.MIGRATION, 2));
    }

    @Test
    void aTriggerThatSomebodyDisabledIsToldAndPutBack() {
        pair.blue.run(session -> {
            session.execute("alter table public.accounts disable trigger all");
            assertThat(Guard.unguarded(session, pair.plan().tablesOn(Side.BLUE)))
                    .containsExactly(new TableName("public", "accounts"));
            pair.guard().install(session, pair.plan().tablesOn(Side.BLUE));
            assertThat(Guard.unguarded(session, pair.plan().tablesOn(Side.BLUE)))
                    .isEmpty();
        });
    }

    @Test
    void aTriggerThatOnlyFiresForOrdinarySessionsDoesNotCount() {
        pair.blue.run(session -> {
            session.execute("alter table public.journal_2026 enable trigger \"!viridian_guard\"");
            assertThat(Guard.unguarded(session, pair.plan().tablesOn(Side.BLUE)))
                    .containsExactly(new TableName("public", "journal_2026"));
        });
    }

    @Test
    void anotherMigrationsGuardIsNotTouched() {
        pair.blue.run(session -> assertThatThrownBy(() ->
                        new Guard("other", "b", "g").install(session, List.of(new TableName("public", "accounts"))))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("shop-v2"));
    }

    @Test
    void removingLeavesNoTraceAndNoFence() throws SQLException {
        pair.green.run(session -> pair.guard().remove(session));
        pair.green.run(session -> pair.guard().remove(session));
        assertThat(pair.guardOf(Side.GREEN)).isEqualTo(new GuardState.Absent());
        assertThat(pair.ask(Side.GREEN, "select count(*)::text from pg_trigger where tgname like '%viridian%'"))
                .isEqualTo("0");
        try (Connection application = pair.application(Side.GREEN);
                Statement writer = application.createStatement()) {
            writer.execute("update public.accounts set balance = 0");
        }
    }

    private static void assertRefused(ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo("25006"))
                .hasMessageContaining("viridian: ");
    }
}
