package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.schema.TwoDatabases;
import io.viridian.testkit.server.KeepServerLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@ExtendWith(KeepServerLogs.class)
final class UserChangelogTest {
    private static final String MASTER = """
            databaseChangeLog:
              - include: {file: changes/catalog.sql, relativeToChangelogFile: true}
              - changeSet:
                  id: tags
                  author: ann
                  changes:
                    - createTable:
                        schemaName: catalog
                        tableName: product_tag
                        columns:
                          - column: {name: product_id, type: bigint}
                          - column: {name: tag, type: text}
            """;

    private static final String CATALOG = """
            --liquibase formatted sql
            --changeset ann:schema
            create schema catalog;
            --changeset ann:product
            create table catalog.product (id bigint primary key, name text not null);
            """;

    @TempDir
    Path project;

    private TwoDatabases databases;

    @BeforeEach
    void createDatabases() throws SQLException, IOException {
        databases = TwoDatabases.shared(14, 18).withControlSchema();
        write("db/green.yaml", MASTER);
        write("db/changes/catalog.sql", CATALOG);
    }

    @AfterEach
    void closeDatabases() {
        databases.close();
    }

    @Test
    void isAppliedOnceAndItsHistoryLiesWhereTheUsersOwnLiquibaseLooks() throws Exception {
        apply();
        apply();
        assertThat(texts("select filename || ' ' || id from public.databasechangelog order by orderexecuted"))
                .containsExactly(
                        "db/changes/catalog.sql schema", "db/changes/catalog.sql product", "db/green.yaml tags");
        assertThat(texts("select locked from public.databasechangeloglock")).containsExactly("f");
        assertThat(texts("select to_regclass('catalog.product_tag')")).containsExactly("catalog.product_tag");
        assertThat(texts("select source from viridian.prepared")).containsExactly("changelog db/green.yaml");
    }

    @Test
    void continuesWhereTheUsersOwnUpdateStopped() throws Exception {
        apply();
        databases.onGreen("delete from viridian.prepared");
        write("db/changes/catalog.sql", CATALOG + """
                --changeset ann:price
                alter table catalog.product add column price_cents bigint;
                """);
        apply();
        assertThat(texts("select count(*) from public.databasechangelog")).containsExactly("4");
    }

    @Test
    void aFailingChangeSetIsNamedAndNothingOfAnyStays() throws Exception {
        write("db/changes/catalog.sql", CATALOG + """
                --changeset ann:broken
                alter table catalog.product add constraint price_positive check (price > 0);
                """);
        assertThatThrownBy(this::apply)
                .isInstanceOfSatisfying(FaultException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(FaultCode.SCHEMA_FAILED);
                    assertThat(failure.fault().sqlState()).isEqualTo("42703");
                })
                .hasMessageContaining("db/changes/catalog.sql::broken::ann")
                .hasMessageContaining("column \"price\" does not exist");
        assertThat(texts("select to_regnamespace('catalog')")).containsExactly("null");
        assertThat(texts("select to_regclass('public.databasechangelog')")).containsExactly("null");
        assertThat(texts("select source from viridian.prepared")).isEmpty();

        write("db/changes/catalog.sql", CATALOG);
        apply();
        assertThat(texts("select count(*) from public.databasechangelog")).containsExactly("3");
    }

    @Test
    void aChangeSetThatMustRunOutsideATransactionIsRefusedWithTheWayOut() throws Exception {
        write("db/changes/catalog.sql", CATALOG + """
                --changeset ann:concurrently runInTransaction:false
                create index concurrently on catalog.product (name);
                """);
        assertThatThrownBy(this::apply)
                .hasMessageContaining("25001")
                .hasMessageContaining("build the index without CONCURRENTLY");
    }

    @Test
    void aMissingFileIsNamedWithThePlaceItWasLookedForIn() {
        assertThatThrownBy(() -> schema().apply(new SchemaOrigin.Changelog(project, "db/gren.yaml")))
                .hasMessageContaining(
                        "the changelog db/gren.yaml cannot be applied to green: it cannot be read in " + project);
    }

    @Test
    void aFileThatIsNoChangelogIsRefusedWithLiquibasesWord() throws Exception {
        write("db/green.yaml", "databaseChangeLog:\n  - changeSett: {id: 1}\n");
        assertThatThrownBy(this::apply)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FaultCode.SCHEMA_FAILED))
                .hasMessageContaining("changeSett");
    }

    @Test
    void aCrashInTheMiddleLeavesNothingAndAskingAgainCompletesIt() throws Exception {
        databases.onGreen("""
                create function die() returns event_trigger language plpgsql as $$
                begin
                    if to_regclass('catalog.product_tag') is not null then
                        perform pg_terminate_backend(pg_backend_pid());
                    end if;
                end $$;
                create event trigger die on ddl_command_end execute function die()
                """);
        assertThatThrownBy(this::apply)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FaultCode.GREEN_UNREACHABLE));
        assertThat(texts("select to_regnamespace('catalog')")).containsExactly("null");
        databases.onGreen("drop event trigger die");
        apply();
        assertThat(texts("select count(*) from public.databasechangelog")).containsExactly("3");
    }

    private void apply() throws InterruptedException {
        schema().apply(new SchemaOrigin.Changelog(project, "db/green.yaml"));
    }

    private GreenSchema schema() {
        return new GreenSchema(databases.blue(), databases.green(), "shop", List.of());
    }

    private List<String> texts(String query) {
        return TwoDatabases.texts(databases.green(), query);
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
