package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.feed.Marker;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.testkit.server.ServerPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DdlNoticeTest {
    private static final String TABLES = Pair.ACCOUNTS + """
            create schema app;
            create table app.orders (id bigint primary key, note text);
            create table public.journal (day date not null, id bigint, primary key (day, id)) partition by range (day);
            create table public.journal_1 partition of public.journal for values from ('2026-01-01') to ('2026-02-01');
            create table public.outsider (id int primary key);
            """;

    private Pair pair;
    private MarkerLog log;
    private final List<String> roles = new ArrayList<>();

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create(ServerPair.shared(14, 18), TABLES);
        pair.blue.run(session -> {
            session.execute("drop trigger \"!viridian_guard\" on public.outsider");
            assertThat(DdlNotice.install(session, Pair.MIGRATION)).isEmpty();
        });
        log = MarkerLog.of(pair.blue);
    }

    @AfterEach
    void closePair() {
        log.close();
        for (String role : roles) {
            pair.blue.run(session -> {
                DdlNotice.remove(session);
                session.execute("drop owned by \"" + role + "\" cascade; drop role \"" + role + "\"");
            });
        }
        pair.close();
    }

    private String role(String prefix) throws SQLException {
        String role = prefix + "_" + pair.databaseName();
        applicationRuns("create role \"" + role + "\"");
        roles.add(role);
        return role;
    }

    private void applicationRuns(String sql) throws SQLException {
        try (Connection application = pair.application(Side.BLUE);
                Statement statement = application.createStatement()) {
            statement.execute(sql);
        }
    }

    static Stream<String> changes() {
        return Stream.of(
                "alter table public.accounts add column note text",
                "alter table public.accounts rename column balance to amount",
                "alter table public.accounts rename to konten",
                "alter table public.accounts alter column balance type numeric",
                "alter table public.accounts set schema app",
                "alter table public.accounts replica identity full",
                "alter table public.journal detach partition public.journal_1",
                "create table public.late (day date not null, id bigint, primary key (day, id)); "
                        + "alter table public.journal attach partition public.late "
                        + "for values from ('2027-01-01') to ('2027-02-01')",
                "drop table public.journal_1",
                "drop table public.accounts",
                "drop schema app cascade",
                "alter schema app rename to app2",
                "set session_replication_role = replica; alter table public.accounts add column note text");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChangeOfAMappedTableIsInTheStream(String change) throws SQLException {
        applicationRuns(change);
        assertThat(log.markers()).isNotEmpty().allSatisfy(marker -> {
            assertThat(marker.kind()).isEqualTo(Marker.Kind.DDL);
            assertThat(marker.migration()).isEqualTo(Pair.MIGRATION);
            assertThat(marker.nonce()).matches("(ALTER TABLE|DROP TABLE|DROP SCHEMA|ALTER SCHEMA) .+");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create index on public.accounts (balance)",
                "alter table public.outsider add column note text",
                "drop table public.outsider",
                "create table public.new (id int)",
                "comment on table public.accounts is 'money'",
                "grant select on public.accounts to public",
                "analyze public.accounts",
                "create table public.journal_2 partition of public.journal for values from ('2026-02-01') to ('2026-03-01')",
                "insert into public.accounts values (1, 1)",
            })
    void whatChangesNoShapeIsNot(String statement) throws SQLException {
        applicationRuns(statement);
        assertThat(log.markers()).isEmpty();
    }

    /** As where blue is closed by its sessions. */
    private void noTableCarriesTheGuard() {
        pair.blue.run(session -> {
            pair.guard().remove(session);
            pair.guard().install(session);
            assertThat(DdlNotice.install(
                            session,
                            Pair.MIGRATION,
                            List.of(
                                    new TableName("public", "accounts"),
                                    new TableName("app", "orders"),
                                    new TableName("public", "journal"))))
                    .isEmpty();
        });
        log.forget();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChangeOfAListedTableIsInTheStream(String change) throws SQLException {
        noTableCarriesTheGuard();
        applicationRuns(change);
        assertThat(log.markers())
                .isNotEmpty()
                .allSatisfy(marker ->
                        assertThat(marker.nonce()).matches("(ALTER TABLE|DROP TABLE|DROP SCHEMA|ALTER SCHEMA) .+"));
    }

    @Test
    void aNewPartitionOfAListedTableGetsNoTriggerAndIsListed() throws SQLException {
        noTableCarriesTheGuard();
        applicationRuns("create table public.journal_2 partition of public.journal "
                + "for values from ('2026-02-01') to ('2026-03-01')");
        applicationRuns("alter table public.outsider add column note text; drop table public.outsider");
        assertThat(log.markers()).isEmpty();
        assertThat(pair.ask(Side.BLUE, "select count(*)::text from pg_trigger where not tgisinternal"))
                .isEqualTo("0");
        applicationRuns("drop table public.journal_2");
        assertThat(log.markers()).hasSize(1);
    }

    @Test
    void theMarkerComesBeforeTheFirstRowOfTheNewShapeInItsOwnTransaction() throws SQLException {
        applicationRuns("begin; alter table public.accounts add column note text; "
                + "insert into public.accounts values (1, 1, 'x'); commit");
        String kinds =
                log.messages().stream().map(message -> message.substring(0, 1)).collect(Collectors.joining());
        assertThat(kinds).contains("BMRIC");
    }

    @Test
    void aChangeThatIsRolledBackIsNeverTold() throws SQLException {
        applicationRuns("begin; alter table public.accounts add column note text; rollback");
        assertThat(log.markers()).isEmpty();
    }

    @Test
    void aNewPartitionIsGuardedFromItsFirstRow() throws SQLException {
        applicationRuns("create table public.journal_2 partition of public.journal "
                + "for values from ('2026-02-01') to ('2026-03-01')");
        pair.blue.run(session -> assertThat(Guard.unguarded(
                        session, List.of(new TableName("public", "journal"), new TableName("public", "journal_2"))))
                .isEmpty());
    }

    @Test
    void ourOwnWorkIsNotTold() {
        pair.blue.run(session -> {
            session.execute("alter table public.accounts disable trigger all");
            pair.guard().install(session, pair.plan().tablesOn(Side.BLUE));
        });
        assertThat(log.markers()).hasSize(1);
        log.forget();
        pair.blue.run(session -> pair.guard().remove(session));
        assertThat(log.markers()).isEmpty();
    }

    @Test
    void anOwnerWhoKnowsNothingOfOurSchemaMayStillChangeHisTables() throws SQLException {
        String role = role("owner");
        applicationRuns("grant create on schema public to \"" + role + "\"; alter table public.journal owner to \""
                + role + "\"; alter table public.journal_1 owner to \"" + role + "\"");
        log.forget();
        applicationRuns("set role \"" + role + "\"; alter table public.journal add column note text; "
                + "create table public.journal_2 partition of public.journal "
                + "for values from ('2026-02-01') to ('2026-03-01')");
        assertThat(log.markers()).hasSize(1);
        pair.blue.run(session -> assertThat(Guard.unguarded(session, List.of(new TableName("public", "journal"))))
                .isEmpty());
    }

    @Test
    void aRoleWithoutThePrivilegeGetsAFindingAndNotAFailure() throws SQLException {
        String role = role("plain");
        applicationRuns("grant all on schema viridian to \"" + role + "\"");
        pair.blue.run(session -> {
            DdlNotice.remove(session);
            session.execute("set role \"" + role + "\"");
            assertThat(DdlNotice.install(session, Pair.MIGRATION))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.refuses()).isFalse();
                        assertThat(finding.id()).isEqualTo("blue.event-trigger");
                    });
            session.execute("reset role");
            assertThat(DdlNotice.installed(session)).isFalse();
        });
    }

    @Test
    void installingTwiceAndRemovingTwiceIsHarmless() throws SQLException {
        pair.blue.run(session -> {
            DdlNotice.install(session, Pair.MIGRATION);
            assertThat(DdlNotice.installed(session)).isTrue();
            DdlNotice.remove(session);
            DdlNotice.remove(session);
            assertThat(DdlNotice.installed(session)).isFalse();
        });
        applicationRuns("alter table public.accounts add column note text");
        assertThat(log.markers()).isEmpty();
    }
}
