package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.cli.Shell.Run;
import io.viridian.daemon.Version;
import io.viridian.daemon.config.ConfigurationSchema;
import io.viridian.fault.FaultCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalVerbsTest {
    private Shell shell;

    @BeforeEach
    void start(@TempDir Path directory) {
        shell = new Shell(directory);
    }

    @Nested
    class InThisProcess {
        @Test
        void runsTheDaemon() {
            Run run = shell.configured(7080).run("run");

            assertThat(run.exit()).isEqualTo(RecordedCommands.EXIT);
            assertThat(run.out()).isEqualTo("run shop-v2\n");
            assertThat(shell.run("run", "--set", "migration=shop-v3").out()).isEqualTo("run shop-v3\n");
            assertThat(shell.run("run", "--standby").out()).isEqualTo("run shop-v2 standby\n");
        }

        @Test
        void leadsItselfForARollbackWithoutADaemon() {
            Run run = shell.configured(7080).run("rollback", "--direct", "--confirm", "shop-v2");

            assertThat(run.exit()).isEqualTo(RecordedCommands.EXIT);
            assertThat(run.out()).isEqualTo("leading shop-v2\n");
        }

        @Test
        void checksBothDatabases() {
            shell.configured(7080);

            assertThat(shell.run("check").out()).isEqualTo("check shop-v2\n");
            assertThat(shell.run("check", "--grants", "-o", "json").out()).isEqualTo("check shop-v2 grants json\n");
            assertThat(shell.run("check").exit()).isEqualTo(RecordedCommands.EXIT);
        }

        @Test
        void writesAConfigurationToBeginWith() {
            Run run = shell.run(
                    "init", "--blue", "postgresql://b/shop", "--migration", "shop-v2", "--directory", "new", "--force");

            assertThat(run.out())
                    .startsWith("init new {")
                    .contains("blue.url=postgresql://b/shop", "migration=shop-v2", "force");
            assertThat(run.exit()).isEqualTo(RecordedCommands.EXIT);
        }

        @Test
        void reportsWhoUsesTheOldSchema() {
            shell.configured(1);

            assertThat(shell.run("compatibility-report").out()).isEqualTo("compatibility 7\n");
            assertThat(shell.run("compatibility-report", "--quiet", "720h", "-o", "json")
                            .out())
                    .isEqualTo("compatibility 30 json\n");
        }

        @Test
        void plansFromHereWhenNoDaemonAnswers() {
            Run run = shell.configured(1).run("plan", "rollback");

            assertThat(run.exit()).isEqualTo(RecordedCommands.EXIT);
            assertThat(run.out()).isEqualTo("plan rollback\n");
            assertThat(run.err()).contains("No daemon answers");
        }

        @Test
        void cannotPlanWithoutDaemonAndConfiguration() {
            assertThat(shell.run("plan", "--server", "http://127.0.0.1:1").exit())
                    .isEqualTo(9);
        }

        @Test
        void refusesABrokenConfigurationWithEverythingThatIsWrong() {
            Run run = shell.file("viridian.yaml", "migration: Shop\nbleu: {}\n").run("check");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err())
                    .contains("viridian.yaml:1: migration 'Shop'")
                    .contains("viridian.yaml:2: bleu")
                    .contains("viridian: CONFIGURATION_INVALID: the configuration is refused\n  fix: ");
        }
    }

    @Nested
    class Config {
        @Test
        void validates() throws Exception {
            Run valid = shell.configured(7080).run("config", "validate");
            assertThat(valid.exit()).as(valid.err()).isZero();
            assertThat(valid.out()).isEqualTo("The configuration is valid.\n");

            shell.file("viridian.yaml", "migration: shop\nbleu: {}\n");
            Run wrong = shell.run("config", "validate");
            assertThat(wrong.exit()).isEqualTo(2);
            assertThat(wrong.out()).isEmpty();
            assertThat(wrong.err()).contains("bleu", "blue");
            JsonNode json = new ObjectMapper()
                    .readTree(shell.run("config", "validate", "-o", "json").out());
            assertThat(json.path("valid").asBoolean()).isFalse();
            assertThat(json.path("problems"))
                    .anyMatch(problem -> problem.path("line").asInt() == 2);
        }

        @Test
        void validatesTheMappingAsWell() {
            shell.configured(7080).file("mapping.yaml", "tragets: {}\n");

            Run run = shell.run("config", "validate", "--set", "mapping=mapping.yaml");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("mapping.yaml", "tragets");
        }

        @Test
        void showsEveryKeyAndWhereItCameFrom() throws Exception {
            shell.configured(7080).with("VIRIDIAN_BACKFILL_WORKERS", "3");

            assertThat(shell.run("config", "show").out())
                    .contains("backfill.workers")
                    .doesNotContain("BACKFILL");
            String origins = shell.run("config", "show", "--origin", "--set", "verify.every=5m")
                    .out();
            assertThat(origins).containsPattern("backfill.workers +3 +env VIRIDIAN_BACKFILL_WORKERS\n");
            assertThat(origins).containsPattern("verify.every +5m +flag\n");
            assertThat(origins).containsPattern("migration +shop-v2 +.*viridian.yaml:1\n");
            JsonNode json = new ObjectMapper()
                    .readTree(shell.run("config", "show", "-o", "json").out());
            assertThat(json.at("/values/0/key").asText()).isEqualTo("migration");
        }

        @Test
        void printsTheSchema() {
            assertThat(shell.run("config", "schema").out().strip())
                    .isEqualTo(ConfigurationSchema.json().strip());
        }

        @Test
        void wantsToKnowWhat() {
            Run run = shell.run("config");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("validate, show or schema");
        }
    }

    @Nested
    class Explaining {
        @Test
        void explainsAFaultCode() {
            Run run = shell.run("explain", "row-refused");

            assertThat(run.exit()).isZero();
            assertThat(run.out())
                    .startsWith("ROW_REFUSED  exit code 7\n")
                    .endsWith("Next: " + FaultCode.ROW_REFUSED.remedy() + "\n");
        }

        @Test
        void explainsEveryGateOfTheContract() {
            for (String gate : ContractTest.GATES) {
                assertThat(shell.run("explain", gate).exit()).as(gate).isZero();
            }
            assertThat(shell.run("explain", "hook.smoke-test").out()).contains("A hook of yours");
        }

        @Test
        void explainsAnExitCode() {
            assertThat(shell.run("explain", "11").out()).isEqualTo("exit code 11\nundone automatically\n");
        }

        @Test
        void listsEveryFaultCode() {
            assertThat(shell.run("explain").out().lines()).hasSize(FaultCode.values().length + 1);
            assertThat(shell.run("explain", "-o", "json").out().lines()).hasSize(1);
        }

        @Test
        void knowsNothingElse() {
            assertThat(shell.run("explain", "LUNCH").exit()).isEqualTo(2);
            assertThat(shell.run("explain", "99").exit()).isEqualTo(2);
        }
    }

    @Test
    void tellsItsVersion() throws Exception {
        assertThat(shell.run("version").out()).matches("viridian \\d+\\.\\d+\\.\\d+\\S* \\(Java \\d+\\S*\\)\n");
        assertThat(new ObjectMapper()
                        .readTree(shell.run("version", "-o", "json").out())
                        .path("version")
                        .asText())
                .isEqualTo(Version.current());
    }

    @Test
    void printsACompletionScriptThatKnowsTheVerbs() {
        assertThat(shell.run("completion").out()).contains("_complete_viridian", "cutover", "support-bundle");
    }

    @Test
    void theDemonstrationIsPartOfACheckout() {
        Run run = shell.run("demo");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("USAGE", "make demo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "errors",
                "throttle 10MiB/s",
                "tune set workers=4",
                "repair public.items --key id=5 --plan",
                "explain-row public.items 5",
                "support-bundle",
                "audit verify"
            })
    void saysNotYetInsteadOfNothing(String line) {
        Run run = shell.run(line.split(" ", -1));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("NOT_YET: `viridian " + line.replaceFirst(" .*", ""), "today ", "fix: ");
    }
}
