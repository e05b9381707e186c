package io.viridian.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds the records of {@link Settings} from the values read. A section whose values are not all sound is left out,
 * so that its rules never speak about values nobody gave; the others are still built and told about.
 */
final class SettingsReader {
    private final ConfigurationSources sources;
    private final Values values;
    private final ElementReader elements;

    SettingsReader(ConfigurationSources sources, GivenValues given, Values values) {
        this.sources = sources;
        this.values = values;
        this.elements = new ElementReader(sources, given, values);
    }

    /** Empty when something is wrong, which has then been told. */
    Optional<Settings> read() {
        boolean named = values.present(MigrationKeys.MIGRATION, MigrationKeys.MIGRATION.path(), values.fileAsAWhole());
        requireUrl(ConnectionKeys.BLUE);
        requireUrl(ConnectionKeys.GREEN);
        requireTogether(ConnectionKeys.JOURNAL.all(), List.of(ConnectionKeys.JOURNAL.url()));
        requireTogether(HttpKeys.TLS, List.of(HttpKeys.CERTIFICATE, HttpKeys.PRIVATE_KEY));
        requireTogether(HttpKeys.OIDC, HttpKeys.OIDC);
        requireTogether(HealthKeys.PROMETHEUS, HealthKeys.PROMETHEUS);
        requireTogether(HealthKeys.HTTP, List.of(HealthKeys.URL));
        ConnectionReader connections = new ConnectionReader(sources, values);
        Optional<ConnectionSettings> blue = connections.read(ConnectionKeys.BLUE);
        Optional<ConnectionSettings> green = connections.read(ConnectionKeys.GREEN);
        Optional<ConnectionSettings> journal = connections.read(ConnectionKeys.JOURNAL);
        Sections sections = sections(elements.traffic(), elements.hooks());
        List<NotifySettings> notifications = elements.notifications();
        boolean complete = named && values.allSound() && blue.isPresent() && green.isPresent() && sections.complete();
        return complete
                ? Optional.of(settings(blue.get(), green.get(), journal, sections, notifications))
                : Optional.empty();
    }

    private void requireUrl(ConnectionKeys keys) {
        values.present(keys.url(), keys.url().path(), values.fileAsAWhole());
    }

    /** The sections that can be wrong, each present when it is right. */
    private record Sections(
            Optional<TableSettings> tables,
            Optional<SchemaSettings> schema,
            Optional<BackfillSettings> backfill,
            Optional<ApplySettings> apply,
            Optional<VerifySettings> verify,
            Optional<ProtectBlueSettings> protectBlue,
            Optional<ProtectGreenSettings> protectGreen,
            Optional<CutoverSettings> cutover,
            Optional<HooksSettings> hooks,
            Optional<HealthSettings> health,
            Optional<ReverseSettings> reverse,
            Optional<LegacySettings> legacy,
            Optional<HttpSettings> http) {
        boolean complete() {
            return tables.isPresent()
                    && schema.isPresent()
                    && backfill.isPresent()
                    && apply.isPresent()
                    && verify.isPresent()
                    && protectBlue.isPresent()
                    && protectGreen.isPresent()
                    && cutover.isPresent()
                    && hooks.isPresent()
                    && health.isPresent()
                    && reverse.isPresent()
                    && legacy.isPresent()
                    && http.isPresent();
        }
    }

    private Sections sections(List<TrafficSettings> traffic, List<HookSettings> hooks) {
        return new Sections(
                values.section(
                        "tables",
                        () -> new TableSettings(values.get(TableKeys.INCLUDE), values.get(TableKeys.EXCLUDE))),
                values.section(
                        "schema",
                        () -> new SchemaSettings(values.get(SchemaKeys.FROM), values.find(SchemaKeys.CHANGELOG))),
                values.section("backfill", this::backfill),
                values.section("apply", this::apply),
                values.section("verify", this::verify),
                values.section("protect-blue", this::protectBlue),
                values.section(
                        "protect-green",
                        () -> new ProtectGreenSettings(
                                values.get(ProtectGreenKeys.MAX_SLOT_WAL),
                                values.get(ProtectGreenKeys.GIVE_UP_SLOT_WAL))),
                values.section("cutover", () -> cutover(traffic)),
                values.section("hooks", () -> new HooksSettings(hooks, budget())),
                values.section("health", this::health),
                values.section(
                        "reverse",
                        () -> new ReverseSettings(values.get(ReverseKeys.ENABLED), values.get(ReverseKeys.KEEP_FOR))),
                values.section(
                        "legacy",
                        () -> new LegacySettings(values.get(LegacyKeys.ENABLED), values.get(LegacyKeys.PREFIX))),
                values.section("http", this::http));
    }

    private Settings settings(
            ConnectionSettings blue,
            ConnectionSettings green,
            Optional<ConnectionSettings> journal,
            Sections sections,
            List<NotifySettings> notifications) {
        return new Settings(
                values.get(MigrationKeys.MIGRATION),
                blue,
                green,
                journal,
                sections.tables().orElseThrow(),
                sections.schema().orElseThrow(),
                values.find(MigrationKeys.MAPPING),
                new CaptureSettings(values.get(CaptureKeys.ENGINE)),
                sections.backfill().orElseThrow(),
                sections.apply().orElseThrow(),
                sections.verify().orElseThrow(),
                sections.protectBlue().orElseThrow(),
                sections.protectGreen().orElseThrow(),
                sections.cutover().orElseThrow(),
                sections.hooks().orElseThrow().hooks(),
                sections.health().orElseThrow(),
                sections.reverse().orElseThrow(),
                sections.legacy().orElseThrow(),
                sections.http().orElseThrow(),
                notifications,
                stateDir(),
                sources.directory());
    }

    private BackfillSettings backfill() {
        return new BackfillSettings(
                values.get(BackfillKeys.WORKERS),
                values.get(BackfillKeys.WHOLE_TABLE_UP_TO),
                values.get(BackfillKeys.CHUNK_BYTES),
                values.get(BackfillKeys.MAX_RATE));
    }

    private ApplySettings apply() {
        return new ApplySettings(
                values.get(ApplyKeys.WINDOW_ROWS),
                values.get(ApplyKeys.WINDOW_TIME),
                values.get(ApplyKeys.MEMORY),
                values.find(ApplyKeys.SPOOL_DIR).orElseGet(this::spoolInsideStateDir));
    }

    private Path spoolInsideStateDir() {
        return stateDir()
                .resolve(values.find(MigrationKeys.MIGRATION).orElse("unnamed"))
                .resolve("spool");
    }

    private VerifySettings verify() {
        return new VerifySettings(
                values.get(VerifyKeys.LEVEL), values.get(VerifyKeys.EVERY), values.get(VerifyKeys.MAX_AGE));
    }

    private ProtectBlueSettings protectBlue() {
        return new ProtectBlueSettings(
                values.get(ProtectBlueKeys.MAX_SLOT_WAL),
                values.get(ProtectBlueKeys.GIVE_UP_SLOT_WAL),
                values.get(ProtectBlueKeys.ACTIVE_SESSIONS),
                values.get(ProtectBlueKeys.REPLICA_LAG));
    }

    private HealthSettings health() {
        List<HealthProbe> probes = new ArrayList<>();
        values.find(HealthKeys.PROMETHEUS_URL)
                .ifPresent(url -> probes.add(new HealthProbe.Prometheus(
                        url, values.get(HealthKeys.PROMETHEUS_QUERY), values.get(HealthKeys.PROMETHEUS_HEALTHY))));
        values.find(HealthKeys.COMMAND).ifPresent(command -> probes.add(new ActionSettings.Exec(command)));
        values.find(HealthKeys.URL)
                .ifPresent(url -> probes.add(new ActionSettings.Http(
                        url, values.find(HealthKeys.SECRET_FILE), values.find(HealthKeys.EXPECT))));
        return new HealthSettings(
                probes,
                values.get(HealthKeys.EVERY),
                values.get(HealthKeys.WINDOW),
                values.get(HealthKeys.TIMEOUT),
                values.get(HealthKeys.FAILURES),
                values.get(HealthKeys.ON_FAILING));
    }

    /** What is wrong with the budget itself is told where it is given. */
    private Duration budget() {
        return values.find(CutoverKeys.WRITE_PAUSE_BUDGET).orElseThrow();
    }

    private CutoverSettings cutover(List<TrafficSettings> traffic) {
        return new CutoverSettings(
                values.get(CutoverKeys.MODE),
                values.get(CutoverKeys.FENCE),
                values.get(CutoverKeys.MAX_LAG),
                values.get(CutoverKeys.STABLE_FOR),
                values.get(CutoverKeys.WRITE_PAUSE_BUDGET),
                new CutoverWindow(values.find(CutoverKeys.NOT_BEFORE), values.find(CutoverKeys.NOT_AFTER)),
                values.get(CutoverKeys.LONGEST_WRITER),
                values.get(CutoverKeys.END_IDLE),
                probes(),
                values.get(CutoverKeys.APPROVALS),
                new CanarySettings(values.get(CutoverKeys.CANARY_FOR), values.get(CutoverKeys.CANARY_CONFLICTS)),
                traffic);
    }

    private List<ConnectionSettings> probes() {
        Place place = sources.place(values.origin(CutoverKeys.PROBE.path()));
        return values.get(CutoverKeys.PROBE).stream()
                .map(url -> ConnectionSettings.of(url, url.password(), place))
                .toList();
    }

    private HttpSettings http() {
        return new HttpSettings(
                values.get(HttpKeys.LISTEN),
                values.find(HttpKeys.CERTIFICATE)
                        .map(certificate -> new HttpSettings.Tls(
                                certificate, values.get(HttpKeys.PRIVATE_KEY), values.find(HttpKeys.CLIENT_CA))),
                values.find(HttpKeys.TOKENS_FILE),
                values.find(HttpKeys.ISSUER)
                        .map(issuer -> new HttpSettings.Oidc(
                                issuer, values.get(HttpKeys.AUDIENCE), values.get(HttpKeys.ROLES_CLAIM))));
    }

    /** Where one of the keys is given, the others it cannot do without must be too. */
    private void requireTogether(List<ConfigurationKey<?>> all, List<ConfigurationKey<?>> needed) {
        all.stream().filter(values::isGiven).findFirst().ifPresent(first -> {
            Origin near = values.origin(first.path());
            needed.forEach(key -> values.present(key, key.path(), near));
        });
    }

    private Path stateDir() {
        return values.find(MigrationKeys.STATE_DIR).orElseGet(() -> {
            String base = sources.environment().getOrDefault("XDG_STATE_HOME", "");
            // The specification says that a relative XDG_STATE_HOME is to be ignored.
            Path state = base.startsWith("/") ? Path.of(base) : sources.home().resolve(".local/state");
            return state.resolve("viridian");
        });
    }
}
