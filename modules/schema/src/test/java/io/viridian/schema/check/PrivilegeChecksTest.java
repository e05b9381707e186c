package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Finding;
import io.viridian.schema.TwoDatabases;
import io.viridian.testkit.server.KeepServerLogs;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What a role may not do is told with the statement that mends it, and that statement does mend it. */
@Timeout(120)
@ExtendWith(KeepServerLogs.class)
@ParameterizedClass
@CsvSource("14, 18")
class PrivilegeChecksTest {
    private final TwoDatabases databases;
    private final Roles roles;
    private final CheckWorld world;

    PrivilegeChecksTest(int blueMajor, int greenMajor) throws SQLException {
        databases = TwoDatabases.shared(blueMajor, greenMajor).onBoth("create table item (id int primary key)");
        roles = new Roles(databases, "login");
        world = CheckWorld.of(databases).reversible();
    }

    @AfterEach
    void removeRoles() {
        roles.close();
        databases.close();
    }

    @Test
    void aRoleThatCannotReplicateIsRefused() throws Exception {
        List<Finding> findings = run(new ReplicationPrivilegeCheck());
        assertThat(findings)
                .extracting(Finding::id)
                .containsExactly("blue.replication-privilege", "green.replication-privilege");
        assertThat(findings.getFirst().message())
                .contains("role " + roles.name() + " cannot replicate from blue")
                .contains("42501");
        mendAndRunAgain(findings, new ReplicationPrivilegeCheck());
    }

    @Test
    void aRoleThatMayCreateNothingIsRefused() throws Exception {
        List<Finding> findings = run(new DatabasePrivilegeCheck());
        assertThat(findings)
                .extracting(Finding::id)
                .containsExactly("blue.database-privilege", "green.database-privilege");
        assertThat(findings.getFirst().message())
                .contains("role " + roles.name() + " may not create schema viridian in database");
        mendAndRunAgain(findings, new DatabasePrivilegeCheck());
    }

    @Test
    void aRoleThatCouldBuildNoIndexOnGreenIsRefused() throws Exception {
        databases.onGreen("revoke create on schema public from public");
        List<Finding> findings = run(new SchemaPrivilegeCheck());
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.id()).isEqualTo("green.schema-privilege");
            assertThat(finding.object()).isEqualTo("public");
            assertThat(finding.refuses()).isTrue();
        });
        mendAndRunAgain(findings, new SchemaPrivilegeCheck());
    }

    @Test
    void aRoleThatOwnsNoTableIsRefusedByTable() throws Exception {
        databases.onBoth(
                "create role \"owner of %1$s\"; alter table item owner to \"owner of %1$s\"".formatted(roles.name()));
        try {
            List<Finding> findings = run(new TablePrivilegeCheck());
            assertThat(findings).extracting(Finding::object).containsExactly("public.item", "public.item");
            assertThat(findings.getFirst().message())
                    .isEqualTo("table public.item on blue belongs to owner of " + roles.name() + ", of which "
                            + roles.name() + " is no member; only its owner may publish and guard it");
            mendAndRunAgain(findings, new TablePrivilegeCheck());
        } finally {
            databases.onBoth("alter table item owner to postgres; drop role \"owner of %s\"".formatted(roles.name()));
        }
    }

    @Test
    void policiesThatHideRowsAreRefused() throws Exception {
        databases.onBlue(
                "alter table item enable row level security; grant select on item to \"%s\"".formatted(roles.name()));
        List<Finding> findings = run(new RowSecurityCheck());
        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo("policies of table public.item on blue apply to role " + roles.name()
                                + ", so rows may be hidden from the copy"));
        mendAndRunAgain(findings, new RowSecurityCheck());
    }

    @Test
    void aRoleThatCannotApplyRowsSilentlyIsRefused() throws Exception {
        List<Finding> findings = run(new ApplyPrivilegeCheck());
        assertThat(findings)
                .extracting(Finding::id)
                .containsExactly(
                        "blue.origin-privilege",
                        "blue.replica-role-privilege",
                        "green.origin-privilege",
                        "green.replica-role-privilege");
        assertThat(findings.getFirst().message())
                .contains("may not execute")
                .contains("pg_replication_origin_create(text)");
        assertThat(findings.get(1).message()).contains("may not set session_replication_role");
        mendAndRunAgain(findings, new ApplyPrivilegeCheck());
    }

    @Test
    void withoutAnEventTriggerDdlIsNoticedLateAndThatIsSaid() throws Exception {
        List<Finding> findings = run(new EventTriggerCheck());
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.message())
                    .contains("no event trigger can be created on blue")
                    .contains("a changed table is noticed only with its next row");
        });
        databases.onBlue("alter role \"%s\" superuser".formatted(roles.name()));
        assertThat(run(new EventTriggerCheck())).isEmpty();
    }

    @Test
    void closingBlueByItsSessionsTakesRightsAndNoRoleThatIsExempt() throws Exception {
        Check check = new SessionsFenceCheck();
        assertThat(run(check)).isEmpty();
        CheckContext chosen = world.closedBySessions().context(roles.blue(), roles.green());
        databases.onBlue(
                "create role \"exempt_%1$s\" login; alter role \"exempt_%1$s\" set default_transaction_read_only = off"
                        .formatted(roles.name()));
        try {
            List<Finding> findings = Preflight.run(check, chosen);
            assertThat(findings)
                    .extracting(Finding::id)
                    .containsExactly(
                            "blue.fence-owner", "blue.fence-privilege", "blue.fence-exempt", "blue.fence-sessions");
            assertThat(findings.getLast().severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(findings.getLast().message()).contains("sets transaction_read_only off for itself");
            for (Finding finding : findings.subList(0, 3)) {
                assertThat(finding.refuses()).isTrue();
                databases.onBlue(finding.fix());
            }
            assertThat(Preflight.run(check, chosen)).extracting(Finding::id).containsExactly("blue.fence-sessions");
        } finally {
            databases.onBlue("drop role \"exempt_%s\"".formatted(roles.name()));
        }
    }

    @Test
    void aRoleThatMayNotSeeOtherSessionsIsTold() throws Exception {
        List<Finding> findings = run(new LongTransactionCheck(java.time.Duration.ofMinutes(1)));
        assertThat(findings).extracting(Finding::id).containsExactly("blue.sessions-hidden", "green.sessions-hidden");
        mendAndRunAgain(findings, new LongTransactionCheck(java.time.Duration.ofMinutes(1)));
    }

    private List<Finding> run(Check check) throws InterruptedException {
        return Preflight.run(check, world.context(roles.blue(), roles.green()));
    }

    private void mendAndRunAgain(List<Finding> findings, Check check) throws InterruptedException {
        for (Finding finding : findings) {
            if (finding.id().startsWith("blue")) {
                databases.onBlue(finding.fix());
            } else {
                databases.onGreen(finding.fix());
            }
        }
        assertThat(run(check)).isEmpty();
    }
}
