package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viridian.fault.FaultCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalsTest {
    @TempDir
    Path directory;

    private List<String> refusals(String yaml) {
        return Configured.by(directory, yaml).refusals();
    }

    /** What follows the least begins on line 6. */
    private List<String> refusalsOf(String yaml) {
        return Configured.minimalAnd(directory, yaml).refusals();
    }

    @Nested
    class Keys {
        @Test
        void unknownOnesWithTheNearestKnown() {
            assertThat(refusalsOf("""
                            backfil: { workers: 4 }
                            backfill: { worker: 4, memory: 1GiB }
                            workers: 4
                            something-else-entirely: 1
                            protect-blue: { max-load: { sessions: 4 } }
                            """))
                    .containsExactly(
                            "viridian.yaml:6: backfil is not known; the nearest key is backfill",
                            "viridian.yaml:7: backfill.worker is not known; the nearest key is backfill.workers",
                            "viridian.yaml:7: backfill.memory is not known; the nearest key is apply.memory",
                            "viridian.yaml:8: workers is not known; the nearest key is backfill.workers",
                            "viridian.yaml:9: something-else-entirely is not known",
                            "viridian.yaml:10: protect-blue.max-load.sessions is not known; the nearest key is protect-blue.max-load.active-sessions");
        }

        @Test
        void flatOnesBecauseTheyWouldBeASecondSpelling() {
            assertThat(refusalsOf("backfill.workers: 4\nbackfill: { workers: 2 }\n"))
                    .containsExactly(
                            "viridian.yaml:6: backfill.workers is not known; sections are nested, with one name per line");
        }

        @Test
        void duplicatesWithBothLines() {
            assertThat(refusals("""
                            migration: shop-v2
                            blue: { url: "postgresql://a@b/c" }
                            green: { url: "postgresql://a@d/c" }
                            backfill:
                              workers: 2
                              workers: 4
                            blue: { url: "postgresql://a@e/c" }
                            """))
                    .containsExactly(
                            "viridian.yaml:6: backfill.workers is given twice, first on line 5; remove one",
                            "viridian.yaml:7: blue is given twice, first on line 2; remove one");
        }

        @Test
        void missingOnes() {
            assertThat(refusals("# nothing yet\n"))
                    .containsExactly(
                            "viridian.yaml: migration is missing, for example shop-v2",
                            "viridian.yaml: blue.url is missing, for example postgresql://viridian@blue-db:5432/shop?sslmode=verify-full",
                            "viridian.yaml: green.url is missing, for example postgresql://viridian@green-db:5432/shop?sslmode=verify-full");
        }

        @Test
        void onesThatAnotherKeyNeeds() {
            assertThat(refusalsOf("""
                            journal: { password: "${env:NOWHERE}" }
                            schema: { from: changelog }
                            http:
                              tls: { client-ca: ca.crt }
                              oidc: { issuer: "https://login.example.org" }
                            cutover:
                              traffic:
                                - file: { path: db.env }
                                - exec: {}
                            """))
                    .containsExactlyInAnyOrder(
                            "viridian.yaml:6: journal.password '${env:NOWHERE}' is refused (the variable NOWHERE is not set): it must be a reference: ${env:NAME} or ${file:PATH}, for example ${env:JOURNAL_PASSWORD}",
                            "viridian.yaml:6: journal.url is missing, for example postgresql://viridian@control-db:5432/viridian?sslmode=verify-full",
                            "viridian.yaml: schema.changelog must name the changelog, because schema.from is changelog, for example db/green.yaml",
                            "viridian.yaml:9: http.tls.certificate is missing, for example /etc/viridian/tls.crt",
                            "viridian.yaml:9: http.tls.key is missing, for example /etc/viridian/tls.key",
                            "viridian.yaml:9: http.tls.client-ca 'ca.crt' is not built yet; leave it out: `http.tokens-file` says who may call, and without it the daemon listens on loopback alone",
                            "viridian.yaml:10: http.oidc.audience is missing, for example viridian",
                            "viridian.yaml:10: http.oidc.issuer 'https://login.example.org' is not built yet; leave it out: `http.tokens-file` says who may call, and without it the daemon listens on loopback alone",
                            "viridian.yaml:13: cutover.traffic[0].file.template is missing, for example \"DATABASE_URL={{url}}\"",
                            "viridian.yaml:14: cutover.traffic[1].exec.command is missing, for example [\"./switch.sh\"]");
        }
    }

    @Nested
    class Shapes {
        @Test
        void valuesForSectionsAndSectionsForValues() {
            assertThat(refusalsOf("""
                            backfill: 4
                            verify: [rigorous]
                            mapping: { file: mapping.yaml }
                            state-dir:
                            tables: { include: [], exclude: { a: b } }
                            """))
                    .containsExactly(
                            "viridian.yaml:6: backfill is a section with the keys workers, whole-table-up-to, chunk-bytes, max-rate, but a single value is given",
                            "viridian.yaml:7: verify is a section with the keys level, every, max-age, but a list is given",
                            "viridian.yaml:8: mapping '{…}' is refused (a section is given): it must be a path, for example mapping.yaml",
                            "viridian.yaml:9: state-dir '' is refused (nothing is given): it must be a path, for example /var/lib/viridian",
                            "viridian.yaml:10: tables.exclude '{…}' is refused (a section is given): it must be a list, each element schema.table, schema.* or *, for example [\"public.audit_raw\"]");
        }

        @Test
        void oneValueForAList() {
            assertThat(refusalsOf("""
                            tables: { include: public.* }
                            cutover: { traffic: [ exec: { command: ./switch.sh --now } ] }
                            """))
                    .containsExactly(
                            "viridian.yaml:6: tables.include 'public.*' is refused (a single value is given): it must be a list, each element schema.table, schema.* or *, for example [\"public.*\"]",
                            "viridian.yaml:7: cutover.traffic[0].exec.command './switch.sh --now' is refused (a single value is given): it must be a list, each element a text, for example [\"./switch.sh\"]");
        }

        @Test
        void anEmptyListOfTables() {
            assertThat(refusalsOf("tables: { include: [] }\n"))
                    .containsExactly(
                            "viridian.yaml:6: tables.include '[]' must name at least one pattern, for example [\"public.*\"]");
        }

        @Test
        void traffic() {
            assertThat(refusalsOf("""
                            cutover:
                              traffic:
                                - client: {}
                                - clients
                                - { clients: {}, exec: { command: [a] } }
                                - exec: { command: [a], time-out: 5s }
                            notify: everybody
                            """))
                    .containsExactly(
                            "viridian.yaml:8: cutover.traffic[0].client is not known; the nearest is 'clients'; there are pgbouncer, haproxy, file, exec, webhook, dns, clients",
                            "viridian.yaml:9: cutover.traffic[1] must be one section named pgbouncer, haproxy, file, exec, webhook, dns, clients",
                            "viridian.yaml:10: cutover.traffic[2] must be one section named pgbouncer, haproxy, file, exec, webhook, dns, clients",
                            "viridian.yaml:11: cutover.traffic[3].exec.time-out is not known; the nearest key is cutover.traffic[].exec.timeout",
                            "viridian.yaml:12: notify must be a list, but a single value is given");
        }

        @Test
        void clientsHasNoKeys() {
            assertThat(refusalsOf("cutover: { traffic: [ clients: { wait: 5s } ] }\n"))
                    .containsExactly("viridian.yaml:6: cutover.traffic[0].clients.wait is not known");
        }
    }

    @Nested
    class GivenTexts {
        @Test
        void eachWithRuleAndExample() {
            assertThat(refusals("""
                            migration: Shop
                            blue: { url: "postgresql://a@b/c" }
                            green: { url: "postgresql://a@d/c" }
                            backfill:
                              workers: 0
                              whole-table-up-to: 2GB
                              chunk-bytes: 1KiB
                              max-rate: 100MiB
                            apply:
                              window-rows: many
                              window-time: 50
                            reverse:
                              enabled: yes
                            """))
                    .containsExactly(
                            "viridian.yaml:1: migration 'Shop' is refused (outside its limits): it must be a lower-case name of at most 40 letters, digits and dashes, for example shop-v2",
                            "viridian.yaml:5: backfill.workers '0' is refused (outside its limits): it must be a whole number from 1 to 64, for example 4",
                            "viridian.yaml:6: backfill.whole-table-up-to '2GB' is refused (not a size): it must be a size from 0B to 1TiB, for example 8GiB",
                            "viridian.yaml:7: backfill.chunk-bytes '1KiB' is refused (outside its limits): it must be a size from 8KiB to 64GiB, for example 128MiB",
                            "viridian.yaml:8: backfill.max-rate '100MiB' is refused (not a rate): it must be a rate of at least 64KiB/s, or none, for example 100MiB/s",
                            "viridian.yaml:10: apply.window-rows 'many' is refused (not a whole number): it must be a whole number from 1 to 1000000, for example 2000",
                            "viridian.yaml:11: apply.window-time '50' is refused (not a duration): it must be a duration from 1ms to 10s, for example 100ms",
                            "viridian.yaml:13: reverse.enabled 'yes' is refused (neither true nor false): it must be true or false, for example false");
        }

        @Test
        void wordsWithTheNearestKnown() {
            assertThat(refusalsOf("""
                            verify: { level: rigorus }
                            cutover: { mode: whenever, window: { not-before: tomorrow } }
                            http: { listen: 7080 }
                            tables: { exclude: ["a.b.c"] }
                            """))
                    .containsExactly(
                            "viridian.yaml:6: verify.level 'rigorus' is refused (not known; the nearest is rigorous): it must be one of basic, standard, rigorous, forensic, for example rigorous",
                            "viridian.yaml:7: cutover.mode 'whenever' is refused (not known): it must be one of manual, auto, for example auto",
                            "viridian.yaml:7: cutover.window.not-before 'tomorrow' is refused (not an ISO 8601 instant with zone): it must be an instant with its zone, for example 2026-12-01T02:00:00Z",
                            "viridian.yaml:8: http.listen '7080' is refused (the port is missing): it must be host:port, for example 127.0.0.1:7090",
                            "viridian.yaml:9: tables.exclude '[a.b.c]' is refused (not a table name: 'a.b.c' (expected schema.table)): it must be a list, each element schema.table, schema.* or *, for example [\"public.audit_raw\"]");
        }

        @Test
        void whatContradictsAnotherKey() {
            assertThat(refusalsOf("""
                            schema: { changelog: db/green.yaml }
                            verify: { every: 2h }
                            protect-blue: { max-slot-wal: 64GiB }
                            protect-green: { give-up-slot-wal: 16GiB }
                            cutover:
                              window:
                                not-before: 2026-12-01T04:00:00Z
                                not-after: 2026-12-01T02:00:00Z
                            http: { listen: "0.0.0.0:7080" }
                            """))
                    .containsExactlyInAnyOrder(
                            "viridian.yaml:6: schema.changelog 'db/green.yaml' must be left out, or schema.from must be changelog, for example db/green.yaml",
                            "viridian.yaml: verify.max-age must not be shorter than verify.every, or the gate would fail between two clean passes, for example 2h",
                            "viridian.yaml: protect-blue.give-up-slot-wal must be more than protect-blue.max-slot-wal, or pausing could never help, for example 128GiB",
                            "viridian.yaml:9: protect-green.give-up-slot-wal '16GiB' must be more than protect-green.max-slot-wal, or nobody would be warned, for example 128GiB",
                            "viridian.yaml:13: cutover.window.not-after '2026-12-01T02:00:00Z' must be later than cutover.window.not-before, for example 2026-12-01T04:00:00Z",
                            "viridian.yaml:14: http.listen '0.0.0.0:7080' must be a loopback address, as long as no tokens-file, oidc or client CA says who may call, for example 127.0.0.1:7090");
        }

        @Test
        void healthThatIsAskedOfTwoOrTooSlowlyOrHalf() {
            assertThat(refusalsOf("""
                            health:
                              prometheus: { url: "http://p:9090", query: up, healthy: "== 1" }
                              exec: { command: [./healthy.sh] }
                              every: 2s
                              timeout: 5s
                              window: 1h
                            """))
                    .anyMatch(sentence -> sentence.contains("health.every '2s' must be asked of one: prometheus, exec"))
                    .anyMatch(sentence -> sentence.contains("health.timeout '5s' must not be longer than health.every"))
                    .anyMatch(
                            sentence -> sentence.contains("health.window '1h' must be at most 400 times health.every"))
                    .hasSize(3);
            assertThat(refusalsOf("health: { prometheus: { url: \"http://p:9090\", healthy: \"about 1\" } }\n"))
                    .anyMatch(sentence -> sentence.contains("health.prometheus.query is missing"))
                    .anyMatch(sentence -> sentence.contains("health.prometheus.healthy 'about 1' is refused"));
        }

        @Test
        void hooksThatAreCalledAlikeOrKeepWritersWaitingForTooLong() {
            assertThat(refusalsOf("""
                            hooks:
                              - exec: { name: smoke, when: before DRAIN, command: [a], timeout: 2s }
                              - http: { name: smoke, when: after COMMIT, url: "http://a/", timeout: 1s }
                              - exec: { name: patient, when: before FENCE, command: [a], timeout: 9m }
                            """))
                    .containsExactly(
                            "viridian.yaml: hooks[].http.name must be another one: two hooks are called smoke, for example deployed",
                            "viridian.yaml: hooks[].exec.timeout must be less: while writers wait, hooks may take 3s together,"
                                    + " and cutover.write-pause-budget is 3s, for example 5s");
        }

        @Test
        void hooksWithoutAnEndOrAMoment() {
            assertThat(refusalsOf("""
                            hooks:
                              - exec: { name: smoke, when: before LUNCH, command: [a] }
                              - exec: { name: Smoke, when: sometimes, command: [a], timeout: 1s }
                              - shell: { name: x }
                            """))
                    .anyMatch(sentence ->
                            sentence.contains("hooks[0].exec.when 'before LUNCH' is refused (no such step)"))
                    .anyMatch(sentence -> sentence.contains("hooks[0].exec.timeout is missing"))
                    .anyMatch(
                            sentence -> sentence.contains("hooks[1].exec.when 'sometimes' is refused (no such moment)"))
                    .anyMatch(sentence -> sentence.contains("hooks[1].exec.name 'Smoke' is refused"))
                    .anyMatch(sentence -> sentence.contains("hooks[2].shell is not known; there are exec, http"));
        }

        @Test
        void templatesThatNobodyFillsIn() {
            assertThat(refusalsOf("""
                            cutover:
                              traffic:
                                - file: { path: a, template: "DATABASE_URL=fixed" }
                                - file: { path: b, template: "{{url}} {{password}}" }
                            """))
                    .allMatch(sentence ->
                            sentence.contains("must be a text with at least one of the placeholders {{url}}"))
                    .hasSize(2);
        }

        @Test
        void recordsThatANameCannotHold() {
            String rest = "server: 'ns:53', key-file: k";
            assertThat(refusalsOf("""
                            cutover:
                              traffic:
                                - dns: { %1$s, zone: a.org, name: db.b.org, type: A, blue: blue.a.org, green: 192.0.2.1 }
                                - dns: { %1$s, zone: a.org, name: a.org, type: CNAME, blue: b.a.org, green: b.a.org }
                                - dns: { %1$s, zone: a..org, name: a.org, type: cname, blue: a, green: b, ttl: 1d }
                            """.formatted(rest)))
                    .containsExactlyInAnyOrder(
                            "viridian.yaml:8: cutover.traffic[0].dns.name 'db.b.org' must belong to the zone a.org, for example shop-db.example.org",
                            "viridian.yaml:8: cutover.traffic[0].dns.blue 'blue.a.org' must be an IPv4 address, for example blue-db.example.org.",
                            "viridian.yaml:9: cutover.traffic[1].dns.name 'a.org' must not be the zone itself, which cannot be a CNAME, for example shop-db.example.org",
                            "viridian.yaml:9: cutover.traffic[1].dns.green 'b.a.org' must differ from what stands for blue, for example green-db.example.org.",
                            "viridian.yaml:10: cutover.traffic[2].dns.zone 'a..org' is refused (outside its limits): it must be a domain name, for example example.org",
                            "viridian.yaml:10: cutover.traffic[2].dns.type 'cname' is refused (not known): it must be one of CNAME, A, AAAA, for example CNAME",
                            "viridian.yaml:10: cutover.traffic[2].dns.ttl '1d' is refused (outside its limits): it must be a duration from 0s to 1h, for example 30s");
        }

        @Test
        void whatIsNotBuiltYetNamesWhatWorks() {
            assertThat(refusalsOf("http: { tls: { certificate: tls.crt, key: tls.key } }\n"))
                    .contains(
                            "viridian.yaml:6: http.tls.key 'tls.key' is not built yet; leave it out: `http.tokens-file`"
                                    + " says who may call, and without it the daemon listens on loopback alone");
        }
    }

    @Nested
    class UnreadableFiles {
        @Test
        void thatAreNotThere() {
            ConfigurationException refused = catchThrowableOfType(
                    ConfigurationException.class,
                    () -> ConfigurationLoader.load(new ConfigurationSources(
                            Optional.of(directory.resolve("absent.yaml")),
                            Map.of(),
                            Map.of(),
                            directory,
                            directory,
                            true)));

            assertThat(refused.problems().list().getFirst().sentence())
                    .isEqualTo(directory.resolve("absent.yaml") + ": there is no such file");
            assertThat(refused.fault().code()).isEqualTo(FaultCode.CONFIGURATION_INVALID);
        }

        @Test
        void thatAreNoYaml() {
            assertThat(refusals("migration: shop-v2\nblue: [\ngreen: }\n").getFirst())
                    .startsWith("viridian.yaml:3: it is not YAML here: ");
            assertThat(refusals("- migration\n").getFirst())
                    .isEqualTo("viridian.yaml:1: the file must hold keys with values, not a list");
            assertThat(refusals("just words\n").getFirst())
                    .isEqualTo("viridian.yaml:1: the file must hold keys with values, not a single value");
        }

        @Test
        void thatLeadBackIntoThemselves() {
            assertThat(refusals("migration: &a [ *a ]\n"))
                    .anyMatch(sentence -> sentence.contains("an alias leads back to what contains it"));
        }

        @Test
        void thatAreNoText() throws Exception {
            Configured configured = Configured.by(directory, "");
            Files.write(
                    directory.resolve("viridian.yaml"), "migration: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

            assertThat(configured.refusals().getFirst()).isEqualTo("viridian.yaml: it is not UTF-8 text");
        }
    }

    @Nested
    class VariablesAndFlags {
        @Test
        void unknownVariablesWithTheNearestKnown() {
            assertThat(Configured.by(directory, Configured.MINIMAL)
                            .environment("VIRIDIAN_BLUE_ULR", "x")
                            .environment("VIRIDIAN_COFFEE", "x")
                            .environment("VIRIDIAN_BACKFILL_WORKERS", "many")
                            .refusals())
                    .containsExactly(
                            "env VIRIDIAN_BLUE_ULR: no key is called so; the nearest is VIRIDIAN_BLUE_URL",
                            "env VIRIDIAN_COFFEE: no key is called so",
                            "env VIRIDIAN_BACKFILL_WORKERS: backfill.workers 'many' is refused (not a whole number): it must be a whole number from 1 to 64, for example 4");
        }

        @Test
        void listsOfSectionsAreSetInTheFileOnly() {
            assertThat(Configured.by(directory, Configured.MINIMAL)
                            .environment("VIRIDIAN_CUTOVER_TRAFFIC", "clients")
                            .flag("cutover.traffic", "clients")
                            .refusals())
                    .containsExactly(
                            "env VIRIDIAN_CUTOVER_TRAFFIC: cutover.traffic can be set only in the file",
                            "flag: cutover.traffic can be set only in the file");
        }

        @Test
        void unknownFlags() {
            assertThat(Configured.by(directory, Configured.MINIMAL)
                            .flag("backfill.worker", "4")
                            .refusals())
                    .containsExactly("flag: backfill.worker is not known; the nearest key is backfill.workers");
        }

        @Test
        void variablesAboutTheProcessAreLeftAlone() {
            assertThat(Configured.by(directory, Configured.MINIMAL)
                            .environment("VIRIDIAN_JAVA_OPTS", "-Xmx1g")
                            .environment("VIRIDIAN_LOG_LEVEL", "debug")
                            .environment("VIRIDIAN_TEST_ANYTHING", "1")
                            .environment("VIRIDIAN_CRASH_AT", "SWITCH_OPENED")
                            .environment("VIRIDIAN_FREEZE_AT", "SWITCH_OPENED")
                            .environment("VIRIDIAN_HOME", "/opt/viridian")
                            .environment("HOME", "/root")
                            .refusals())
                    .isEmpty();
        }
    }

    @Test
    void allOfThemAreOneExceptionAndOneFault() throws Exception {
        Configured configured = Configured.by(directory, "migration: Shop\nbackfill: { workers: 0 }\n");

        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, configured::load);

        assertThat(refused.problems().list()).hasSize(4);
        assertThat(refused.problems().text().lines()).hasSize(4);
        assertThat(refused.fault().code()).isEqualTo(FaultCode.CONFIGURATION_INVALID);
        assertThat(refused.fault().detail()).isEqualTo(refused.getMessage());
        Problem workers = refused.problems().list().getLast();
        assertThat(workers.file()).contains(directory.resolve("viridian.yaml"));
        assertThat(workers.line()).isEqualTo(2);
        assertThat(workers.key()).isEqualTo("backfill.workers");
        assertThat(workers.given()).contains("0");
        assertThat(workers.example()).contains("4");
        assertThat(Files.exists(directory.resolve("home"))).isFalse();
    }

    @Test
    void aContradictionIsNotReportedAboutValuesNobodyGave() {
        assertThat(refusalsOf("protect-blue: { max-slot-wal: big, give-up-slot-wal: 1GiB }\n"))
                .singleElement()
                .asString()
                .contains("protect-blue.max-slot-wal 'big'");
    }
}
