package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DumpedSchemaTest {
    @Test
    void leavesOutSettingsThatAreOursOrThatAnOlderServerDoesNotKnow() {
        assertThat(DumpedSchema.statements("""
                SET statement_timeout = 0;
                SET transaction_timeout = 0;
                SET client_encoding = 'UTF8';
                SELECT pg_catalog.set_config('search_path', '', false);
                SET check_function_bodies = false;
                """))
                .containsExactly(
                        "SELECT pg_catalog.set_config('search_path', '', false)", "SET check_function_bodies = false");
    }

    @Test
    void leavesOutWhatIsOurs() {
        assertThat(DumpedSchema.statements("""
                CREATE TRIGGER viridian_guard BEFORE INSERT ON public.t FOR EACH STATEMENT EXECUTE FUNCTION viridian.guard();
                ALTER TABLE public.t ENABLE ALWAYS TRIGGER viridian_guard;
                CREATE TRIGGER "my viridian." BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.mine();
                ALTER TABLE public.t ENABLE ALWAYS TRIGGER "my viridian.";
                CREATE EVENT TRIGGER viridian_ddl ON ddl_command_end
                   EXECUTE FUNCTION viridian.on_ddl();
                ALTER EVENT TRIGGER viridian_ddl ENABLE ALWAYS;
                COMMENT ON EVENT TRIGGER viridian_ddl IS 'tells the stream';
                """))
                .hasSize(2)
                .allMatch(statement -> statement.contains("\"my viridian.\""));
    }

    @Test
    void leavesOutCommentsOnExtensionsWhichOnlyTheirOwnerMaySet() {
        assertThat(DumpedSchema.statements("""
                CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
                COMMENT ON EXTENSION pg_trgm IS 'trigrams';
                """))
                .containsExactly("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public");
    }
}
