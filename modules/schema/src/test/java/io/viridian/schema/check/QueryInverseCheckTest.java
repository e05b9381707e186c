package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.MappingSpec.Assignment;
import io.viridian.plan.TableName;
import io.viridian.schema.TwoDatabases;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a query makes of blue's tables must come back to them as it was. */
@ParameterizedClass
@ValueSource(ints = {14, 18})
class QueryInverseCheckTest {
    private static final String QUERY = """
            select 'd' || d.id as id, 'doc' as kind, d.title, null::int as owner, d.words as words from docs d where d.id < 900
            union all
            select 'p' || p.id, 'part', p.name, p.doc, (select count(*) from labels l where l.part = p.id) from parts p
            """;

    private static final Map<String, String> DOCS =
            Map.of("id", "substr(t.id, 2)::int", "title", "t.title", "words", "t.words");

    private static final Map<String, String> PARTS =
            Map.of("id", "substr(t.id, 2)::int", "name", "t.title", "doc", "t.owner");

    private final TwoDatabases databases;

    QueryInverseCheckTest(int blueMajor) throws SQLException {
        databases = TwoDatabases.shared(blueMajor, 18).onBlue("""
                        create table docs (id int primary key, title text not null, words bigint);
                        create table parts (id int primary key, doc int, name text);
                        create table labels (part int, label text, primary key (part, label));
                        insert into docs values (1, 'one', 10), (2, ' two', 0), (3, 'three', null), (1000, 'left behind', 1);
                        insert into parts select n, 1 + n % 3, 'Part ' || n from generate_series(1, 20) n;
                        insert into labels select n, 'x' from generate_series(1, 5) n
                        """).onGreen("""
                        create table node (id text primary key, kind text not null, title text, owner int, words bigint, more text);
                        alter table node replica identity full
                        """);
    }

    @AfterEach
    void close() {
        databases.close();
    }

    private List<Finding> found(
            String docsWhere, Map<String, String> docs, String partsWhere, Map<String, String> parts)
            throws InterruptedException {
        MappingSpec.Derive derive = new MappingSpec.Derive(
                List.of("id"),
                QUERY,
                Map.of(
                        TableName.parse("docs"), "select 'd' || id as id from changed",
                        TableName.parse("parts"), "select 'p' || id as id from changed",
                        TableName.parse("labels"), "select 'p' || part as id from changed"),
                List.of(
                        new MappingSpec.Back(TableName.parse("docs"), Optional.of(docsWhere), assignments(docs)),
                        new MappingSpec.Back(TableName.parse("parts"), Optional.of(partsWhere), assignments(parts))));
        MappingSpec mapping = new MappingSpec(
                List.of(new MappingSpec.Target(TableName.parse("node"), List.of(), Optional.of(derive))),
                Map.of(),
                List.of(),
                List.of());
        return CheckWorld.of(databases).with(mapping).reversible().run(new InverseCheck());
    }

    private static List<Assignment> assignments(Map<String, String> expressions) {
        return expressions.entrySet().stream()
                .map(one -> new Assignment(one.getKey(), one.getValue()))
                .toList();
    }

    private static Map<String, String> but(Map<String, String> all, String column, String expression) {
        Map<String, String> other = new LinkedHashMap<>(all);
        other.put(column, expression);
        return other;
    }

    @Test
    void isSilentAboutInversesThatAreRight() throws Exception {
        assertThat(found("t.kind = 'doc'", DOCS, "t.kind = 'part'", PARTS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            quoteCharacter = '"',
            value = {
                "docs ~ title ~ trim(t.title) ~ id=2: ' two' comes back as 'two'",
                "docs ~ words ~ coalesce(t.words, 0) ~ id=3: null comes back as '0'",
                "docs ~ words ~ t.owner ~ comes back as null",
                "parts ~ name ~ lower(t.title) ~ comes back as 'part ",
                "parts ~ name ~ t.more ~ comes back as null",
                "parts ~ doc ~ t.words ~ comes back as ",
                "parts ~ doc ~ t.owner % 3 ~ comes back as "
            })
    void findsTheColumnThatComesBackAsAnother(String table, String column, String expression, String said)
            throws Exception {
        boolean docs = table.equals("docs");
        assertThat(found(
                        "t.kind = 'doc'",
                        docs ? but(DOCS, column, expression) : DOCS,
                        "t.kind = 'part'",
                        docs ? PARTS : but(PARTS, column, expression)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.id()).isEqualTo("mapping.inverse");
                    assertThat(finding.object()).isEqualTo("public." + table + "." + column);
                    assertThat(finding.message()).contains(said, expression);
                });
    }

    @Test
    void findsRowsThatATableDoesNotHave() throws Exception {
        assertThat(found("true", but(DOCS, "title", "t.title"), "t.kind = 'part'", PARTS))
                .filteredOn(finding -> finding.object().equals("public.docs"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains("leads rows to public.docs that it does not have: id=", " of 23 rows looked at"));
    }

    @Test
    void findsAConditionThatTakesNothing() throws Exception {
        assertThat(found("t.kind = 'document'", DOCS, "t.kind = 'part'", PARTS))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.message()).contains("leads none of 23 rows back to public.docs"));
    }

    @Test
    void saysWhenAnInverseFailsOnARow() throws Exception {
        assertThat(found("t.kind = 'doc'", but(DOCS, "words", "10 / t.words"), "t.kind = 'part'", PARTS))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("division by zero"));
    }

    @Test
    void saysNothingAboutTablesWithoutRows() throws Exception {
        databases.onBlue("truncate docs, parts, labels");

        assertThat(found("t.kind = 'document'", DOCS, "t.kind = 'part'", PARTS)).isEmpty();
    }
}
