package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.schema.TwoDatabases;
import io.viridian.testkit.server.KeepServerLogs;
import io.viridian.testkit.server.SharedServers;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class PreflightTest {
    @ParameterizedTest
    @CsvSource({"14, 18", "15, 17"})
    void aHealthyPairPassesWithoutAWord(int blueMajor, int greenMajor) throws Exception {
        try (TwoDatabases databases = TwoDatabases.shared(blueMajor, greenMajor)
                .onBoth("""
                        create type mood as enum ('happy', 'sad');
                        create table item (id int primary key, name varchar(20), mood mood not null, at timestamptz);
                        create table part (id int, day date, primary key (id, day)) partition by range (day);
                        create table part_1 partition of part for values from ('2026-01-01') to ('2027-01-01')
                        """)
                .onBlue("insert into item select n, 'n' || n, 'happy', now() from generate_series(1, 100) n")) {
            assertThat(Preflight.run(CheckWorld.of(databases).reversible().context()))
                    .isEmpty();
        }
    }

    @Test
    void nothingIsLeftOnEitherSide() throws Exception {
        String everything = "select count(*) from pg_class union all select count(*) from pg_proc"
                + " union all select count(*) from pg_event_trigger";
        try (TwoDatabases databases = TwoDatabases.shared(15, 17)
                .onBoth("create table item (id int primary key, name text)")
                .onBlue("insert into item values (1, 'one')")) {
            List<String> blue = TwoDatabases.texts(databases.blue(), everything);
            List<String> green = TwoDatabases.texts(databases.green(), everything);
            Preflight.run(CheckWorld.of(databases)
                    .with(CheckWorld.rule("item", "i", "item", java.util.Map.of("id", "i.id", "name", "upper(i.name)")))
                    .context());
            assertThat(TwoDatabases.texts(databases.blue(), everything)).isEqualTo(blue);
            assertThat(TwoDatabases.texts(databases.green(), everything)).isEqualTo(green);
        }
    }

    @Test
    void aSideThatCannotBeReachedEndsItAndSaysWhatWasNotLookedAt() throws Exception {
        try (TwoDatabases databases = TwoDatabases.shared(15, 17);
                Database gone = TwoDatabases.open(Side.GREEN, SharedServers.green(17), "gone", "postgres")) {
            List<Finding> findings = Preflight.run(CheckWorld.of(databases).context(databases.blue(), gone));
            assertThat(findings).extracting(Finding::id).containsExactly("green.connection", "preflight.incomplete");
            assertThat(findings.getFirst().message())
                    .contains("GREEN_REFUSED")
                    .contains("database \"gone\" does not exist")
                    .contains("3D000");
            assertThat(findings.getLast().message()).contains("36 checks need both sides and were not made");
        }
    }

    @Test
    void aCheckThatCannotReadWhatItNeedsIsARefusalAndTheOthersStillRun() throws Exception {
        Check blind = new Check() {
            @Override
            public String id() {
                return "blind";
            }

            @Override
            public List<Finding> run(CheckContext context) {
                return context.on(Side.BLUE)
                        .query(session -> session.list("select * from nowhere", row -> {
                            throw new IllegalStateException();
                        }));
            }
        };
        try (TwoDatabases databases = TwoDatabases.shared(15, 17)) {
            List<Finding> findings = CheckWorld.of(databases).run(blind);
            assertThat(findings).singleElement().satisfies(finding -> {
                assertThat(finding.refuses()).isTrue();
                assertThat(finding.id()).isEqualTo("blind");
                assertThat(finding.message())
                        .contains("the check blind could not be made")
                        .contains("relation \"nowhere\" does not exist")
                        .contains("SQLSTATE 42P01");
            });
        }
    }

    @Test
    void whatThePlannerFoundIsPassedOn() throws SQLException, InterruptedException {
        try (TwoDatabases databases = TwoDatabases.shared(15, 17)
                .onBlue("create table log (line text)")
                .onGreen("create table log (line text)")) {
            assertThat(CheckWorld.of(databases).run(new PlanCheck()))
                    .extracting(Finding::id)
                    .containsExactly("blue.identity");
        }
    }

    @Test
    void everyCheckHasItsOwnName() {
        assertThat(Preflight.CHECKS).extracting(Check::id).doesNotHaveDuplicates();
    }
}
