package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.feed.CaptureLimits;
import io.viridian.plan.Finding;
import io.viridian.schema.TwoDatabases;
import io.viridian.testkit.server.KeepServerLogs;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns that an engine does not carry as they are. */
@Timeout(120)
@ExtendWith(KeepServerLogs.class)
@ParameterizedClass
@CsvSource("14, 18")
class CaptureCheckTest {
    private static final CaptureLimits LIMITS =
            new CaptureLimits("short-sighted", Map.of("money", 0, "interval", 17), true);

    private final TwoDatabases databases;

    CaptureCheckTest(int blueMajor, int greenMajor) throws SQLException {
        databases = TwoDatabases.shared(blueMajor, greenMajor);
    }

    @AfterEach
    void closeDatabases() {
        databases.close();
    }

    private List<Finding> found(CheckWorld world) throws InterruptedException {
        return world.run(new CaptureCheck());
    }

    private CheckWorld world() {
        return CheckWorld.of(databases).readBy(LIMITS);
    }

    private void onBoth(String sql) throws SQLException {
        databases.onBlue(sql).onGreen(sql);
    }

    @Test
    void areRefusedByTypeAlsoUnderADomain() throws Exception {
        onBoth("""
                create domain price as money;
                create domain fee as price;
                create table "Bills" (id int primary key, "Fee" fee, plain numeric, several money[])""");
        assertThat(found(world())).singleElement().satisfies(finding -> {
            assertThat(finding.refuses()).isTrue();
            assertThat(finding.id()).isEqualTo("blue.capture-type");
            assertThat(finding.object()).isEqualTo("public.\"Bills\"");
            assertThat(finding.message())
                    .isEqualTo("column Fee of table public.\"Bills\" on blue is of the type money, of which the engine"
                            + " short-sighted does not carry every value as it is");
            assertThat(finding.fix()).contains("capture.engine to pgoutput");
        });
    }

    @Test
    void areRefusedOnTheSideWhoseVersionHasSuchValues() throws Exception {
        onBoth("create table t (id int primary key, lasts interval)");
        assertThat(found(world())).isEmpty();
        assertThat(found(world().reversible()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.id()).isEqualTo("green.capture-type"));
    }

    @Test
    void areRefusedWhenTheirNamesBecomeOthers() throws Exception {
        onBoth("""
                create table t (id int primary key, "Name" text, name text, "'quoted'" text, "it's" text);
                create table u (id int primary key, "Name" text)""");
        assertThat(found(world()))
                .allSatisfy(finding -> {
                    assertThat(finding.refuses()).isTrue();
                    assertThat(finding.id()).isEqualTo("blue.capture-name");
                    assertThat(finding.object()).isEqualTo("public.t");
                })
                .extracting(Finding::message)
                .satisfiesExactly(
                        quoted -> assertThat(quoted).contains("columns named 'quoted', which"),
                        cases -> assertThat(cases).containsAnyOf("named Name, name,", "named name, Name,"));
    }

    @Test
    void areNoneForAnEngineWithoutLimits() throws Exception {
        onBoth("create table t (id int primary key, \"ID\" money, lasts interval)");
        assertThat(found(CheckWorld.of(databases).reversible())).isEmpty();
    }
}
