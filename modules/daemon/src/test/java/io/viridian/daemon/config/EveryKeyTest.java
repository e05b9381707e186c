package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.viridian.cutover.hook.HookMoment;
import io.viridian.cutover.traffic.DnsType;
import io.viridian.fault.FaultCode;
import io.viridian.migration.ConflictPolicy;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.TablePattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each key once, with a value that is not its default, arrives where it belongs. */
class EveryKeyTest {
    private static final String EVERY_KEY = """
            migration: every-key
            blue:
              url: postgresql://ann@blue-1:5433,blue-2/shop?sslmode=verify-ca&sslrootcert=ca.pem&connect_timeout=5
              password: ${env:BLUE_WORD}
            green:
              url: jdbc:postgresql://green-db/shop?user=bob&targetServerType=primary
              password-file: green.pw
            journal:
              url: postgresql://eve:journal-word@control-db/viridian
            tables:
              include: ["public.*", sales.orders]
              exclude: ["public.audit_raw"]
            schema:
              from: changelog
              changelog: db/green.yaml
            mapping: mapping.yaml
            capture:
              engine: debezium
            backfill:
              workers: 4
              whole-table-up-to: 1GiB
              chunk-bytes: 32MiB
              max-rate: 100MiB/s
            apply:
              window-rows: 100
              window-time: 250ms
              memory: 128MiB
              spool-dir: /var/spool/viridian
            verify:
              level: basic
              every: 5m
              max-age: 30m
            protect-blue:
              max-slot-wal: 1GiB
              give-up-slot-wal: 2GiB
              max-load: { active-sessions: none, replica-lag: 20s }
            protect-green: { max-slot-wal: 3GiB, give-up-slot-wal: 4GiB }
            cutover:
              mode: auto
              fence: sessions
              max-lag: 500ms
              stable-for: 10s
              write-pause-budget: 2s
              window: { not-before: 2026-12-01T02:00:00Z, not-after: 2026-12-01T05:00:00+01:00 }
              longest-writer: 2s
              end-idle-in-transaction: [nightly report, psql]
              probe: ["postgresql://app:app-word@pooler:6432/shop", "postgresql://job@blue-1,green-db/shop?target_session_attrs=read-write"]
              approvals: 2
              canary: { for: 10m, conflicts: newest-wins }
              traffic:
                - pgbouncer:
                    admin-url: postgresql://admin:pool-word@pooler:6432/pgbouncer
                    config-file: /etc/pgbouncer/pgbouncer.ini
                    database: shop
                    blue: "10.0.0.7:5432"
                    green: "[fd00::8]:6000"
                - haproxy: { socket: /run/haproxy.sock, backend: shop }
                - file: { path: /etc/shop/db.env, template: "DATABASE_URL={{url}}", then: ["systemctl","reload","shop"] }
                - exec: { command: [./switch.sh, --fast], timeout: 10s }
                - webhook: { url: "https://deploy.example.org/hook", secret-file: hook.key }
                - dns: { server: "ns1.example:53", zone: example.org, name: shop-db.example.org, type: CNAME,
                         blue: blue-db.example.org., green: green-db.example.org., ttl: 10s, key-file: tsig.key }
                - clients: {}
            hooks:
              - exec: { name: smoke, when: gate, on: both, command: [./smoke.sh, --quick], timeout: 5s, every: 1m }
              - http:
                  name: deploy
                  when: after ROUTE
                  on: rollback
                  url: "https://deploy.example.org/after"
                  secret-file: deploy.key
                  expect: ready
                  timeout: 2s
                  every: 10s
            health:
              prometheus: { url: "http://prometheus:9090", query: shop_errors, healthy: "< 0.01" }
              every: 30s
              window: 30m
              timeout: 2s
              failures: 5
              on-failing: rollback
            reverse: { enabled: false, keep-for: 48h }
            legacy: { enabled: true, prefix: old_ }
            http:
              listen: "0.0.0.0:7443"
              tls: { certificate: tls.crt, key: tls.key, client-ca: clients.crt }
              tokens-file: tokens.yaml
              oidc: { issuer: "https://login.example.org", audience: viridian, roles-claim: roles }
            notify:
              - webhook: { url: "https://chat.example.org/hook", secret-file: notify.key }
            state-dir: ~/state
            """;

    @TempDir
    Path directory;

    private ConfigurationLoader.Reading reading;
    private Settings settings;

    @BeforeEach
    void read() {
        Configured.write(directory, "green.pw", "green-word\n");
        reading = ConfigurationLoader.read(Configured.by(directory, EVERY_KEY)
                .environment("BLUE_WORD", "blue-word")
                .sources());
        settings = reading.settings()
                .orElseThrow(() -> new AssertionError(reading.problems().text()));
    }

    @Test
    void noKeyIsLeftOut() {
        assertThat(reading.values())
                .filteredOn(value -> value.origin() instanceof Origin.InFile)
                .extracting(value -> ConfigurationKeys.pattern(value.key()))
                .containsAll(ConfigurationKeys.list().stream()
                        .map(ConfigurationKey::path)
                        .filter(path ->
                                !path.matches("(blue\\.password-file|(green|journal)\\.password|journal\\..*-file"
                                        + "|health\\.(exec|http)\\..*)"))
                        .toList());
        assertThat(reading.values())
                .filteredOn(value -> value.origin() instanceof Origin.InFile)
                .allSatisfy(
                        value -> assertThat(ConfigurationKeys.find(value.key()).flatMap(ConfigurationKey::defaultText))
                                .as(value.key())
                                .isNotEqualTo(value.value()));
    }

    @Test
    void onlyWhatIsNotBuiltYetIsRefused() {
        assertThat(reading.problems().list())
                .extracting(Problem::code, Problem::key)
                .containsExactlyInAnyOrderElementsOf(List.of(
                                "http.tls.certificate",
                                "http.tls.key",
                                "http.tls.client-ca",
                                "http.oidc.issuer",
                                "http.oidc.audience",
                                "notify[0].webhook.url")
                        .stream()
                        .map(key -> tuple(FaultCode.NOT_YET, key))
                        .toList());
        assertThat(reading.problems().code()).isEqualTo(FaultCode.NOT_YET);
        assertThat(reading.problems().asException().fault().code()).isEqualTo(FaultCode.NOT_YET);
    }

    @Test
    void connections() {
        assertThat(settings.migration()).isEqualTo("every-key");
        assertThat(settings.blue())
                .isEqualTo(new ConnectionSettings(
                        List.of(new HostPort("blue-1", 5433), new HostPort("blue-2", 5432)),
                        "shop",
                        "ann",
                        Optional.of(new Secret("blue-word")),
                        Optional.empty(),
                        Map.of(
                                "sslmode", "verify-ca",
                                "sslrootcert", directory.resolve("ca.pem").toString(),
                                "connectTimeout", "5",
                                "targetServerType", "primary")));
        assertThat(settings.green())
                .isEqualTo(new ConnectionSettings(
                        List.of(new HostPort("green-db", 5432)),
                        "shop",
                        "bob",
                        Optional.of(new Secret("green-word")),
                        Optional.empty(),
                        Map.of("targetServerType", "primary")));
        assertThat(settings.journalOrBlue())
                .isEqualTo(new ConnectionSettings(
                        List.of(new HostPort("control-db", 5432)),
                        "viridian",
                        "eve",
                        Optional.of(new Secret("journal-word")),
                        Optional.empty(),
                        Map.of()));
    }

    @Test
    void whatIsMigratedAndHow() {
        assertThat(settings.tables())
                .isEqualTo(new TableSettings(
                        List.of(new TablePattern("public", "*"), new TablePattern("sales", "orders")),
                        List.of(new TablePattern("public", "audit_raw"))));
        assertThat(settings.schema())
                .isEqualTo(new SchemaSettings(SchemaSource.CHANGELOG, Optional.of(directory.resolve("db/green.yaml"))));
        assertThat(settings.mapping()).contains(directory.resolve("mapping.yaml"));
        assertThat(settings.capture()).isEqualTo(new CaptureSettings(CaptureEngine.DEBEZIUM));
        assertThat(settings.backfill())
                .isEqualTo(new BackfillSettings(
                        4,
                        ByteSize.ofGibibytes(1),
                        ByteSize.ofMebibytes(32),
                        Optional.of(new ByteRate(ByteSize.ofMebibytes(100)))));
        assertThat(settings.apply())
                .isEqualTo(new ApplySettings(
                        100, Duration.ofMillis(250), ByteSize.ofMebibytes(128), Path.of("/var/spool/viridian")));
        assertThat(settings.verify())
                .isEqualTo(new VerifySettings(VerifyLevel.BASIC, Duration.ofMinutes(5), Duration.ofMinutes(30)));
        assertThat(settings.protectBlue())
                .isEqualTo(new ProtectBlueSettings(
                        ByteSize.ofGibibytes(1),
                        ByteSize.ofGibibytes(2),
                        Optional.empty(),
                        Optional.of(Duration.ofSeconds(20))));
        assertThat(settings.protectGreen())
                .isEqualTo(new ProtectGreenSettings(ByteSize.ofGibibytes(3), ByteSize.ofGibibytes(4)));
        assertThat(settings.reverse()).isEqualTo(new ReverseSettings(false, Duration.ofDays(2)));
        assertThat(settings.legacy()).isEqualTo(new LegacySettings(true, "old_"));
        assertThat(settings.stateDir()).isEqualTo(directory.resolve("home/state"));
    }

    @Test
    void theSwitch() {
        CutoverSettings cutover = settings.cutover();
        assertThat(cutover.mode()).isEqualTo(CutoverMode.AUTO);
        assertThat(cutover.fence()).isEqualTo(CutoverFence.SESSIONS);
        assertThat(cutover.maxLag()).isEqualTo(Duration.ofMillis(500));
        assertThat(cutover.stableFor()).isEqualTo(Duration.ofSeconds(10));
        assertThat(cutover.writePauseBudget()).isEqualTo(Duration.ofSeconds(2));
        assertThat(cutover.window())
                .isEqualTo(new CutoverWindow(
                        Optional.of(Instant.parse("2026-12-01T02:00:00Z")),
                        Optional.of(Instant.parse("2026-12-01T04:00:00Z"))));
        assertThat(cutover.longestWriter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(cutover.endIdle()).containsExactly("nightly report", "psql");
        assertThat(cutover.probe())
                .containsExactly(
                        new ConnectionSettings(
                                List.of(new HostPort("pooler", 6432)),
                                "shop",
                                "app",
                                Optional.of(new Secret("app-word")),
                                Optional.empty(),
                                Map.of()),
                        new ConnectionSettings(
                                List.of(new HostPort("blue-1", 5432), new HostPort("green-db", 5432)),
                                "shop",
                                "job",
                                Optional.empty(),
                                Optional.empty(),
                                Map.of("targetServerType", "primary")));
        assertThat(cutover.approvals()).isEqualTo(2);
        assertThat(cutover.canary()).isEqualTo(new CanarySettings(Duration.ofMinutes(10), ConflictPolicy.NEWEST_WINS));
        assertThat(cutover.traffic())
                .containsExactly(
                        new TrafficSettings.PgBouncer(
                                new ConnectionSettings(
                                        List.of(new HostPort("pooler", 6432)),
                                        "pgbouncer",
                                        "admin",
                                        Optional.of(new Secret("pool-word")),
                                        Optional.empty(),
                                        Map.of()),
                                Path.of("/etc/pgbouncer/pgbouncer.ini"),
                                "shop",
                                Optional.of(new HostPort("10.0.0.7", 5432)),
                                Optional.of(new HostPort("fd00::8", 6000))),
                        new TrafficSettings.HaProxy(Path.of("/run/haproxy.sock"), "shop"),
                        new TrafficSettings.FileSwitch(
                                Path.of("/etc/shop/db.env"),
                                "DATABASE_URL={{url}}",
                                List.of("systemctl", "reload", "shop")),
                        new TrafficSettings.Exec(List.of("./switch.sh", "--fast"), Duration.ofSeconds(10)),
                        new TrafficSettings.Webhook(
                                URI.create("https://deploy.example.org/hook"), directory.resolve("hook.key")),
                        new TrafficSettings.Dns(
                                new HostPort("ns1.example", 53),
                                "example.org",
                                "shop-db.example.org",
                                DnsType.CNAME,
                                "blue-db.example.org.",
                                "green-db.example.org.",
                                Duration.ofSeconds(10),
                                directory.resolve("tsig.key")),
                        new TrafficSettings.Clients());
    }

    @Test
    void whatIsRunOnTheWay() {
        assertThat(settings.hooks())
                .containsExactly(
                        new HookSettings(
                                "smoke",
                                new HookMoment.Gate(),
                                HookDirections.BOTH,
                                new ActionSettings.Exec(List.of("./smoke.sh", "--quick")),
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(1)),
                        new HookSettings(
                                "deploy",
                                new HookMoment.After(SwitchStep.ROUTE),
                                HookDirections.ROLLBACK,
                                new ActionSettings.Http(
                                        URI.create("https://deploy.example.org/after"),
                                        Optional.of(directory.resolve("deploy.key")),
                                        Optional.of("ready")),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(10)));
    }

    @Test
    void whoIsAskedAfterACutover() {
        assertThat(settings.health())
                .isEqualTo(healthBy(new HealthProbe.Prometheus(
                        URI.create("http://prometheus:9090"),
                        "shop_errors",
                        new Threshold(Threshold.Comparison.LESS, 0.01))));
        assertThat(withHealth("exec: { command: [./healthy.sh] }").health())
                .isEqualTo(healthBy(new ActionSettings.Exec(List.of("./healthy.sh"))));
        assertThat(withHealth("http: { url: \"https://shop.example.org/health\", secret-file: a.key, expect: UP }")
                        .health())
                .isEqualTo(healthBy(new ActionSettings.Http(
                        URI.create("https://shop.example.org/health"),
                        Optional.of(directory.resolve("a.key")),
                        Optional.of("UP"))));
    }

    private Settings withHealth(String probe) {
        return Configured.minimalAnd(
                        directory,
                        "health: { %s, every: 30s, window: 30m, timeout: 2s, failures: 5, on-failing: rollback }\n"
                                .formatted(probe))
                .settings();
    }

    private static HealthSettings healthBy(HealthProbe probe) {
        return new HealthSettings(
                List.of(probe),
                Duration.ofSeconds(30),
                Duration.ofMinutes(30),
                Duration.ofSeconds(2),
                5,
                OnFailing.ROLLBACK);
    }

    @Test
    void whoMayCallAndWhoIsTold() {
        assertThat(settings.http())
                .isEqualTo(new HttpSettings(
                        new HostPort("0.0.0.0", 7443),
                        Optional.of(new HttpSettings.Tls(
                                directory.resolve("tls.crt"),
                                directory.resolve("tls.key"),
                                Optional.of(directory.resolve("clients.crt")))),
                        Optional.of(directory.resolve("tokens.yaml")),
                        Optional.of(
                                new HttpSettings.Oidc(URI.create("https://login.example.org"), "viridian", "roles"))));
        assertThat(settings.notifications())
                .containsExactly(new NotifySettings.Webhook(
                        URI.create("https://chat.example.org/hook"), directory.resolve("notify.key")));
    }
}
