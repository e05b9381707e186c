package io.viridian.schema.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.plan.Finding;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.SequenceName;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.schema.TwoDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Refusals of the planner for which there is no better place, and a look whether all of them have one. */
class PlannerRefusalsTest {
    private static final Path PLANNER = Path.of("..", "core", "src", "main", "java", "io", "viridian", "plan");
    private static final Path TESTS = Path.of("src", "test", "java");

    /** What the planner calls a refusal, wherever it makes one. */
    private static final Pattern REFUSED =
            Pattern.compile("(?:Finding\\.refused|\\brefuse)\\(\\s*\"([a-z]+\\.[a-z-]+)\"");

    private TwoDatabases databases;

    @BeforeEach
    void open() throws Exception {
        databases = TwoDatabases.shared(14, 18)
                .onBlue("create table items (id int primary key, code text not null);"
                        + " create table archive (code text primary key, nr int not null)")
                .onGreen("create table product (id bigint primary key, code text not null unique)");
    }

    @AfterEach
    void close() {
        databases.close();
    }

    private static MappingSpec mapping(Map<SequenceName, List<SequenceName>> sequences, MappingSpec.Target... targets) {
        return new MappingSpec(List.of(targets), sequences, List.of(), List.of(TablePattern.EVERY_TABLE));
    }

    private static MappingSpec.Rule rule(String from, Map<String, String> columns) {
        return new MappingSpec.Rule(
                TableName.parse(from),
                "r",
                Optional.empty(),
                columns.entrySet().stream()
                        .map(one -> new MappingSpec.Assignment(one.getKey(), one.getValue()))
                        .toList(),
                List.of());
    }

    private static MappingSpec.Target target(String table, MappingSpec.Rule... rules) {
        return new MappingSpec.Target(TableName.parse(table), List.of(rules));
    }

    private List<Finding> refusals(MappingSpec mapping) throws InterruptedException {
        return CheckWorld.of(databases).with(mapping).run(new PlanCheck()).stream()
                .filter(Finding::refuses)
                .toList();
    }

    @Test
    void aTargetThatGreenDoesNotHave() throws Exception {
        assertThat(refusals(mapping(Map.of(), target("nowhere", rule("items", Map.of("id", "r.id"))))))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("green.table-missing", "public.nowhere"));
    }

    @Test
    void aColumnThatComputesItself() throws Exception {
        databases.onGreen(
                "create table doubled (id bigint primary key," + " twice bigint generated always as (id * 2) stored)");
        assertThat(refusals(mapping(
                        Map.of(), target("doubled", rule("items", Map.of("id", "r.id", "twice", "r.id * 2"))))))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("mapping.generated-column", "public.doubled.twice"));
    }

    @Test
    void rulesThatNameTheirRowsByDifferentKeys() throws Exception {
        assertThat(refusals(mapping(
                        Map.of(),
                        target(
                                "product",
                                rule("items", Map.of("id", "r.id", "code", "'i' || r.id")),
                                rule("archive", Map.of("id", "1000 + r.nr", "code", "r.code"))))))
                .extracting(Finding::id, Finding::object)
                .contains(tuple("mapping.merge-key", "public.product"));
    }

    @Test
    void aSequenceThatIsNotThere() throws Exception {
        databases.onGreen("create sequence number");
        assertThat(refusals(mapping(
                        Map.of(SequenceName.parse("public.number"), List.of(SequenceName.parse("public.nowhere"))),
                        target("product", rule("items", Map.of("id", "r.id", "code", "r.code"))))))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("mapping.unknown-sequence", "public.nowhere"));
    }

    @Test
    void aTableThatNoRuleReads() throws Exception {
        MappingSpec partial = new MappingSpec(
                List.of(target("product", rule("items", Map.of("id", "r.id", "code", "r.code")))),
                Map.of(),
                List.of(),
                List.of());
        assertThat(refusals(partial))
                .extracting(Finding::id, Finding::object)
                .containsExactly(tuple("mapping.unmapped-table", "public.archive"));
    }

    @Test
    void everyRefusalOfThePlannerIsNamedByATest() throws IOException {
        Set<String> refusals = new TreeSet<>();
        try (Stream<Path> sources = Files.list(PLANNER)) {
            sources.map(PlannerRefusalsTest::text).forEach(source -> {
                Matcher refusal = REFUSED.matcher(source);
                while (refusal.find()) {
                    refusals.add(refusal.group(1));
                }
            });
        }
        assertThat(refusals).hasSizeGreaterThan(15);
        String tests;
        try (Stream<Path> sources = Files.walk(TESTS)) {
            tests = sources.filter(path -> path.toString().endsWith(".java"))
                    .map(PlannerRefusalsTest::text)
                    .collect(Collectors.joining());
        }
        assertThat(refusals).allSatisfy(id -> assertThat(tests).contains("\"" + id + "\""));
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
