package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SqlScriptTest {
    @Test
    void splitsAtSemicolonsAndLeavesCommentsBetweenStatementsOut() {
        assertThat(SqlScript.statements("""
                --
                -- Name: a; Type: TABLE
                --
                CREATE TABLE a (
                    id int -- the key; really
                );

                /* one /* nested; */ comment; */
                CREATE TABLE b ();
                """))
                .containsExactly("CREATE TABLE a (\n    id int -- the key; really\n)", "CREATE TABLE b ()");
    }

    @Test
    void leavesMetaCommandsOfPsqlOut() {
        assertThat(SqlScript.statements("\\restrict abc\nSELECT 1;\n\\unrestrict abc\n"))
                .containsExactly("SELECT 1");
    }

    @Test
    void keepsABackslashInsideAStatement() {
        assertThat(SqlScript.statements("COMMENT ON TABLE a IS 'one\n\\two;';"))
                .containsExactly("COMMENT ON TABLE a IS 'one\n\\two;'");
    }

    @Test
    void keepsQuotedSemicolons() {
        assertThat(SqlScript.statements("""
                SELECT 'it''s; one', E'it\\'s; two', "a;b", $$three;$$, $x$ $$;$$ four; $x$, $1; SELECT 2;
                """)).hasSize(2).last().isEqualTo("SELECT 2");
    }

    @Test
    void keepsTheBodyOfARoutineThatBeginsAtomicTogether() {
        String function = """
                CREATE FUNCTION public.grade(n integer) RETURNS text
                    LANGUAGE sql
                    BEGIN ATOMIC
                 SELECT CASE WHEN (n > 5) THEN 'high'::text ELSE 'low'::text END AS "case";
                 SELECT 'end; of story'::text AS begin;
                END""";
        String procedure = """
                CREATE OR REPLACE PROCEDURE public.note(IN t text)
                    LANGUAGE sql
                    BEGIN ATOMIC
                 INSERT INTO public.notes (body) VALUES (t);
                END""";
        assertThat(SqlScript.statements(function + ";\n\n" + procedure + ";\nSELECT 1;"))
                .containsExactly(function, procedure, "SELECT 1");
    }

    @Test
    void aColumnCalledBeginOrEndOpensNothing() {
        assertThat(SqlScript.statements(
                        "CREATE TABLE spans (begin date, \"end\" date); CREATE VIEW v AS SELECT begin;"))
                .hasSize(2);
    }

    @Test
    void keepsTheActionsOfARuleTogether() {
        assertThat(SqlScript.statements("""
                CREATE RULE r AS ON INSERT TO a DO INSTEAD ( INSERT INTO b VALUES (1);
                 INSERT INTO c VALUES (2);
                ); SELECT 1
                """)).hasSize(2);
    }
}
