package io.viridian.tidy.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerRulesTest {
    private static final String DRIVER = "package org.postgresql; public class Driver { public static void load() {} }";

    @TempDir
    Path folder;

    @Nested
    class Layers {
        @ParameterizedTest
        @CsvSource({
            "plan, postgres", "plan, daemon", "postgres, journal", "journal, schema", "replication, cutover",
            "verification, replication", "debezium, replication", "cutover, daemon", "daemon, cli", "cli, postgres",
            "testkit, cutover"
        })
        void mayNotSeeEachOther(String from, String to) {
            assertThat(complaints(allLayers(), using(from, to)))
                    .singleElement()
                    .asString()
                    .contains("(User.java:1)");
        }

        @ParameterizedTest
        @CsvSource({
            "plan, position",
            "postgres, plan",
            "journal, postgres",
            "cutover, migration",
            "daemon, cutover",
            "cli, daemon",
            "testkit, journal",
            "bench, cli",
            "replication, replication.capture"
        })
        void maySeeWhatTheyStandOn(String from, String to) {
            assertThat(complaints(allLayers(), using(from, to))).isEmpty();
        }

        @Test
        void claimEveryPackageThereIs() {
            assertThat(complaints(
                            List.of(LayerRules.everyClassIsInALayer()),
                            compile("package io.viridian.misc; class Stray {}")))
                    .singleElement()
                    .asString()
                    .contains("io.viridian.misc.Stray");
        }

        private JavaClasses using(String from, String to) {
            return compile(
                    "package io.viridian.%s; class User { Object field = new io.viridian.%s.Used(); }"
                            .formatted(from, to),
                    "package io.viridian.%s; public class Used {}".formatted(to));
        }
    }

    @Nested
    class Libraries {
        @Test
        void areRefusedOutsideTheirHome() {
            assertThat(
                            complaints(
                                    allLayers(),
                                    compile(
                                            DRIVER,
                                            "package io.viridian.journal; class User { void run() { org.postgresql.Driver.load(); } }")))
                    .isNotEmpty();
        }

        @Test
        void areAcceptedAtHome() {
            assertThat(
                            complaints(
                                    allLayers(),
                                    compile(
                                            DRIVER,
                                            "package io.viridian.postgres; class User { void run() { org.postgresql.Driver.load(); } }")))
                    .isEmpty();
        }

        @Test
        void needAHomeAtAll() {
            assertThat(complaints(
                            allLayers(),
                            compile(
                                    "package com.acme; public class Gadget {}",
                                    "package io.viridian.daemon; class User { com.acme.Gadget[] gadgets; }")))
                    .isNotEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "plan, Connection, 1",
            "daemon, Connection, 1",
            "journal, Statement, 1",
            "postgres, Statement, 0",
            "testkit, Statement, 0"
        })
        void includeJdbcThoughTheJdkBringsIt(String from, String type, int refusals) {
            assertThat(complaints(allLayers(), holding(from, type))).hasSize(refusals);
        }

        @ParameterizedTest
        @ValueSource(strings = {"journal", "schema"})
        void lendTheConnectionThatLiquibaseWorksOn(String from) {
            assertThat(complaints(allLayers(), holding(from, "Connection"))).isEmpty();
        }

        private JavaClasses holding(String from, String type) {
            return compile("package io.viridian.%s; class User { java.sql.%s held; }".formatted(from, type));
        }
    }

    @Nested
    class TheClock {
        private final List<ArchRule> rule = List.of(LayerRules.onlyTimeReadsTheClock());

        @ParameterizedTest
        @CsvSource({
            "java.time.Instant.now()",
            "java.time.LocalDate.now()",
            "java.time.Clock.systemUTC()",
            "System.nanoTime()",
            "System.currentTimeMillis()",
            "new java.util.Date()"
        })
        void isReadByTimeAlone(String reading) {
            String body = "class User { Object run() { return " + reading + "; } }";
            assertThat(complaints(rule, compile("package io.viridian.plan; " + body)))
                    .hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"time", "testkit.server"})
        void isReadByTimeAndByTheTestkitThatWaitsForRealServers(String from) {
            String body = "class User { Object reading = System.nanoTime(); }";
            assertThat(complaints(rule, compile("package io.viridian." + from + "; " + body)))
                    .isEmpty();
        }

        @Test
        void isNotReadThroughAMethodReferenceEither() {
            assertThat(complaints(
                            rule,
                            compile("package io.viridian.plan; import java.util.function.Supplier; "
                                    + "class User { Supplier<Object> time = java.time.Instant::now; }")))
                    .hasSize(1);
        }

        @Test
        void isNotSleptBy() {
            assertThat(complaints(
                            rule,
                            compile("package io.viridian.plan; class User { void run() throws Exception { "
                                    + "Thread.sleep(1); java.util.concurrent.TimeUnit.DAYS.sleep(1); } }")))
                    .hasSize(2);
        }
    }

    @Nested
    class States {
        private static final String STATES = "package io.viridian.migration; public interface MigrationState { "
                + "record Planned() implements MigrationState {} "
                + "interface Final extends MigrationState {} record Done() implements Final {} "
                + "static MigrationState first() { return new Planned(); } }";
        private static final String MAKING = "Object one = new io.viridian.migration.MigrationState.Done(); "
                + "java.util.function.Supplier<Object> two = io.viridian.migration.MigrationState.Planned::new; }";

        private final List<ArchRule> rule = List.of(LayerRules.onlyTransitionsMakeStates());

        @Test
        void areNotMadeByHand() {
            assertThat(complaints(rule, compile(STATES, "package io.viridian.daemon; class User { " + MAKING)))
                    .hasSize(2);
        }

        @Test
        void areMadeByTransitionsAndByTheCodecThatReadsThemBack() {
            assertThat(complaints(rule, compile(STATES, "package io.viridian.journal; class StateCodec { " + MAKING)))
                    .isEmpty();
        }
    }

    private JavaClasses compile(String... texts) {
        return CompiledSnippets.compile(folder, texts);
    }

    private static List<ArchRule> allLayers() {
        return Architecture.LAYERS.stream().map(LayerRules::seesOnlyWhatItMay).toList();
    }

    /** Foreign classes of a made-up world are imported too, but only ours are asked. */
    private static List<String> complaints(List<ArchRule> rules, JavaClasses world) {
        return rules.stream()
                .map(rule -> rule.evaluate(world))
                .map(EvaluationResult::getFailureReport)
                .flatMap(report -> report.getDetails().stream())
                .toList();
    }
}
