package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.MappingSpec.Assignment;
import io.viridian.plan.SequenceName;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingLoaderTest {
    @TempDir
    Path directory;

    private MappingSpec load(String yaml) {
        return MappingLoader.load(Configured.write(directory, "mapping.yaml", yaml));
    }

    private MappingSpec.Rule rule(String yaml) {
        return load("targets:\n  shop.product:\n    rules:\n      - "
                        + yaml.strip().replace("\n", "\n        "))
                .targets()
                .getFirst()
                .rules()
                .getFirst();
    }

    private List<String> refusals(String yaml) {
        Path file = Configured.write(directory, "mapping.yaml", yaml);
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> MappingLoader.load(file));
        return refused.problems().list().stream()
                .map(Problem::sentence)
                .map(sentence -> sentence.replace(directory + "/", ""))
                .toList();
    }

    @Nested
    class WhatIsRead {
        @Test
        void theQueryOfADerivedTargetAndWhatLeadsItsRowsBack() {
            assertThat(load("""
                    targets:
                      catalog.total:
                        derive:
                          key: [order_id]
                          query: select order_id, sum(price) as total from lines group by order_id
                          affected: { lines: select order_id from changed }
                          inverse:
                            public.orders:
                              where: t.total > 0
                              columns: { id: t.order_id }
                    """).targets().getFirst().derive())
                    .contains(new MappingSpec.Derive(
                            List.of("order_id"),
                            "select order_id, sum(price) as total from lines group by order_id",
                            Map.of(TableName.parse("lines"), "select order_id from changed"),
                            List.of(new MappingSpec.Back(
                                    TableName.parse("orders"),
                                    Optional.of("t.total > 0"),
                                    List.of(new Assignment("id", "t.order_id"))))));
        }

        @Test
        void aWayBackNeedsColumns() {
            assertThat(refusals("""
                    targets:
                      catalog.total:
                        derive:
                          key: [order_id]
                          query: select 1
                          inverse:
                            public.orders: { where: t.total > 0 }
                    """))
                    .anySatisfy(refusal -> assertThat(refusal).contains("public.orders", "has no columns"));
        }

        @Test
        void everyKeyOnce() {
            MappingSpec spec = load("""
                    targets:
                      catalog.product:
                        rules:
                          - from: public.items i
                            where: not i.deleted
                            columns:
                              id: i.id::bigint
                              name: trim(i.title)
                              kind: "'item'"
                            inverse:
                              public.items:
                                title: t.name
                    sequences:
                      catalog.order_number: public.order_no
                      catalog.party_number: [public.client_no, public.supplier_no, client_no]
                    as-is: ["sales.*"]
                    ignore: [public.sessions]
                    """);

            assertThat(spec)
                    .isEqualTo(new MappingSpec(
                            List.of(new MappingSpec.Target(
                                    new TableName("catalog", "product"),
                                    List.of(new MappingSpec.Rule(
                                            new TableName("public", "items"),
                                            "i",
                                            Optional.of("not i.deleted"),
                                            List.of(
                                                    new Assignment("id", "i.id::bigint"),
                                                    new Assignment("name", "trim(i.title)"),
                                                    new Assignment("kind", "'item'")),
                                            List.of(new Assignment("title", "t.name")))))),
                            Map.of(
                                    new SequenceName("catalog", "order_number"),
                                    List.of(new SequenceName("public", "order_no")),
                                    new SequenceName("catalog", "party_number"),
                                    List.of(
                                            new SequenceName("public", "client_no"),
                                            new SequenceName("public", "supplier_no"))),
                            List.of(new TablePattern("sales", "*")),
                            List.of(new TablePattern("public", "sessions"))));
        }

        @Test
        void aRuleMaySayWhichRowsAreIts() {
            assertThat(rule("""
                                    from: items
                                    columns: { id: items.id }
                                    owns: t.id < 1000
                                    """).owns()).contains("t.id < 1000");
        }

        @Test
        void scalarsOfAnyKindAreExpressions() {
            assertThat(rule("""
                                    from: items
                                    columns: { active: true, version: 1, rate: 1.50, nothing: null, born: 2020-01-01 }
                                    """).columns())
                    .containsExactly(
                            new Assignment("active", "true"),
                            new Assignment("version", "1"),
                            new Assignment("rate", "1.50"),
                            new Assignment("nothing", "null"),
                            new Assignment("born", "2020-01-01"));
        }

        @Test
        void anExpressionMayTakeSeveralLines() {
            assertThat(rule("""
                                    from: items i
                                    columns:
                                      kind: |
                                        case when i.digital
                                          then 'file' end
                                    """).columns())
                    .containsExactly(new Assignment("kind", "case when i.digital\n  then 'file' end"));
        }

        @Test
        void theAliasIsTheTablesNameUnlessOneIsGiven() {
            assertThat(rule("from: public.items\ncolumns: { id: items.id }").alias())
                    .isEqualTo("items");
            assertThat(rule("from: items\ncolumns: { id: items.id }").from())
                    .isEqualTo(new TableName("public", "items"));
            assertThat(rule("from: public.items as X\ncolumns: { id: x.id }").alias())
                    .isEqualTo("x");
            assertThat(rule("from: public.items AS x\ncolumns: { id: x.id }").alias())
                    .isEqualTo("x");
            assertThat(rule("from: '\"Order Items\" \"I\"'\ncolumns: { id: '\"I\".id' }"))
                    .isEqualTo(new MappingSpec.Rule(
                            new TableName("public", "Order Items"),
                            "I",
                            Optional.empty(),
                            List.of(new Assignment("id", "\"I\".id")),
                            List.of()));
        }

        @Test
        void namesFoldAsInSql() {
            assertThat(rule("from: Public.Items i\ncolumns: { ID: i.id, '\"createdAt\"': i.created }")
                            .columns())
                    .extracting(Assignment::column)
                    .containsExactly("id", "createdAt");
        }

        @Test
        void theOrderOfColumnsIsTheAuthors() {
            assertThat(rule("from: items\ncolumns: { z: 1, a: 2, m: 3 }").columns())
                    .extracting(Assignment::column)
                    .containsExactly("z", "a", "m");
        }

        @Test
        void anEmptyFileMapsNothing() {
            assertThat(load("# later\n")).isEqualTo(new MappingSpec(List.of(), Map.of(), List.of(), List.of()));
        }
    }

    @Nested
    class WhatIsRefused {
        @Test
        void everythingAtOnceWithItsLine() {
            assertThat(refusals("""
                            targets:
                              catalog.product:
                                rule: []
                                rules:
                                  - from: public.items i
                                    colums: { id: i.id }
                                    where:
                                    inverse:
                                      public.things: { id: t.id }
                              catalog.empty: {}
                              catalog.none:
                                rules: []
                              a.b.c:
                                rules:
                                  - columns: { id: 1 }
                            sequences:
                              catalog.numbers: { public.order_no: 1 }
                              'two words': public.order_no
                            ignored: [public.sessions]
                            as-is: [a.b.c, { d: e }]
                            """))
                    .containsExactly(
                            "mapping.yaml:3: targets.catalog.product.rule is not known; the nearest is 'rules'; there are derive, rules",
                            "mapping.yaml:5: targets.catalog.product.rules[0] has no columns; say what feeds each column, like id: i.id",
                            "mapping.yaml:6: targets.catalog.product.rules[0].colums is not known; the nearest is 'columns'; there are columns, expand, from, inverse, owns, where",
                            "mapping.yaml:7: targets.catalog.product.rules[0].where must be a text, not nothing",
                            "mapping.yaml:9: targets.catalog.product.rules[0].inverse.public.things must name the rule's own table, public.items",
                            "mapping.yaml:10: targets.catalog.empty has no rules; say from which blue table its rows come",
                            "mapping.yaml:12: targets.catalog.none.rules must be a list with at least one rule, each beginning with - from:",
                            "mapping.yaml:13: targets.a.b.c is not a table name: 'a.b.c' (expected schema.table)",
                            "mapping.yaml:15: targets.a.b.c.rules[0] has no from; name the blue table, like from: public.items i",
                            "mapping.yaml:17: sequences.catalog.numbers must be the name of a sequence, or a list of names",
                            "mapping.yaml:18: sequences.two words is unexpected ' ' in name 'two words'",
                            "mapping.yaml:19: ignored is not known; the nearest is 'ignore'; there are as-is, ignore, sequences, targets",
                            "mapping.yaml:20: as-is is not a table name: 'a.b.c' (expected schema.table)",
                            "mapping.yaml:20: as-is must be a list of schema.table, schema.* or *");
        }

        @Test
        void namesGivenTwiceInWhateverSpelling() {
            assertThat(refusals("""
                            targets:
                              shop.product:
                                rules:
                                  - from: items i
                                    columns: { id: i.id, ID: i.id, name: i.a, name: i.b }
                              SHOP.product:
                                rules:
                                  - from: things
                                    columns: { id: things.id }
                            sequences: { a: b, public.a: c }
                            """))
                    .containsExactly(
                            "mapping.yaml:5: targets.shop.product.rules[0].columns.name is given twice, first on line 5; remove one",
                            "mapping.yaml:5: targets.shop.product.rules[0].columns.ID names the column id a second time",
                            "mapping.yaml:6: targets.SHOP.product names the table shop.product a second time",
                            "mapping.yaml:10: sequences.public.a names the sequence public.a a second time");
        }

        @Test
        void unreadableSources() {
            assertThat(refusals("""
                            targets:
                              shop.product:
                                rules:
                                  - from: public.items i where x
                                    columns: { a.b: 1 }
                              shop.other:
                                rules:
                                  from: items
                              shop.third: items
                            """))
                    .containsExactly(
                            "mapping.yaml:4: targets.shop.product.rules[0].from is not a table with an alias: 'public.items i where x' (expected schema.table alias)",
                            "mapping.yaml:5: targets.shop.product.rules[0].columns.a.b is not a single name: 'a.b'",
                            "mapping.yaml:7: targets.shop.other.rules must be a list with at least one rule, each beginning with - from:",
                            "mapping.yaml:9: targets.shop.third must be a section with derive, rules, not a single value");
        }

        @Test
        void aMissingFile() {
            ConfigurationException refused = catchThrowableOfType(
                    ConfigurationException.class, () -> MappingLoader.load(directory.resolve("absent.yaml")));

            assertThat(refused).hasMessage(directory.resolve("absent.yaml") + ": there is no such file");
        }
    }
}
