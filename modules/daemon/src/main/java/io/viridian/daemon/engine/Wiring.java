package io.viridian.daemon.engine;

import io.viridian.cutover.Closing;
import io.viridian.cutover.IdleWriters;
import io.viridian.cutover.OwnershipKeeper;
import io.viridian.cutover.PostgresSwitchover;
import io.viridian.cutover.SwitchParts;
import io.viridian.cutover.SwitchSettings;
import io.viridian.cutover.gate.GateLimits;
import io.viridian.cutover.gate.GateParts;
import io.viridian.cutover.gate.Gates;
import io.viridian.cutover.hook.ExecHook;
import io.viridian.cutover.hook.Hook;
import io.viridian.cutover.hook.HookAction;
import io.viridian.cutover.hook.HookSubject;
import io.viridian.cutover.hook.HttpHook;
import io.viridian.cutover.traffic.BouncerTarget;
import io.viridian.cutover.traffic.ClientsSwitcher;
import io.viridian.cutover.traffic.DnsServer;
import io.viridian.cutover.traffic.DnsSwitcher;
import io.viridian.cutover.traffic.ExecSwitcher;
import io.viridian.cutover.traffic.FileSwitcher;
import io.viridian.cutover.traffic.HaProxySwitcher;
import io.viridian.cutover.traffic.PgBouncerSwitcher;
import io.viridian.cutover.traffic.RequestSignature;
import io.viridian.cutover.traffic.RouteProbe;
import io.viridian.cutover.traffic.Traffic;
import io.viridian.cutover.traffic.TrafficSwitcher;
import io.viridian.cutover.traffic.WebhookSwitcher;
import io.viridian.daemon.config.ActionSettings;
import io.viridian.daemon.config.ByteRate;
import io.viridian.daemon.config.ConnectionSettings;
import io.viridian.daemon.config.CutoverSettings;
import io.viridian.daemon.config.HealthProbe;
import io.viridian.daemon.config.HostPort;
import io.viridian.daemon.config.TrafficSettings;
import io.viridian.journal.Lease;
import io.viridian.plan.Catalog;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Side;
import io.viridian.postgres.bouncer.BouncerAddress;
import io.viridian.postgres.route.RouteAddress;
import io.viridian.proof.Verifier;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.backfill.BackfillSettings;
import io.viridian.replication.backfill.Brake;
import io.viridian.replication.backfill.PostgresChunkLedger;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.schema.green.GreenSchema;
import io.viridian.schema.green.PgDump;
import io.viridian.schema.green.SchemaOrigin;
import io.viridian.time.Backoff;
import io.viridian.verification.Databases;
import io.viridian.verification.PostgresVerifier;
import io.viridian.verification.VerifyLimits;
import io.viridian.verification.VerifyProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Turns settings into parts. One method per part, no decisions. */
final class Wiring {
    /** A switcher that fails once fails for a reason; the conductor asks again anyway. */
    private static final Backoff TRAFFIC = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), 3);

    /** Pools connect anew within this; who works longer than that is refused by the guard when it writes. */
    private static final Duration END_IDLE = Duration.ofSeconds(2);

    private static final Duration FILE_THEN = Duration.ofSeconds(10);

    /** Ownership has moved by then; what answers later is asked again. */
    private static final Duration WEBHOOK = Duration.ofSeconds(5);

    /** A server answers an update when it has written it down, which a busy disk may take a while for. */
    private static final Duration DNS = Duration.ofSeconds(5);

    /** For connecting and for each answer; applications would have given up. */
    private static final Duration PROBE = Duration.ofSeconds(2);

    private Wiring() {}

    static GreenSchema greenSchema(EngineParts parts) {
        String path = System.getenv().getOrDefault("PATH", "");
        return new GreenSchema(parts.blue(), parts.green(), parts.migration(), PgDump.places(path));
    }

    static SchemaOrigin schemaOrigin(EngineParts parts) {
        return switch (parts.settings().schema().from()) {
            case BLUE -> new SchemaOrigin.Blue();
            case NONE -> new SchemaOrigin.None();
            case CHANGELOG ->
                changelog(
                        parts.settings().directory(),
                        parts.settings().schema().changelog().orElseThrow());
        };
    }

    private static SchemaOrigin changelog(Path directory, Path changelog) {
        Path absolute = directory.resolve(changelog).normalize();
        Path parent = absolute.getParent();
        return absolute.startsWith(directory) || parent == null
                ? new SchemaOrigin.Changelog(
                        directory, directory.relativize(absolute).toString())
                : new SchemaOrigin.Changelog(parent, parent.relativize(absolute).toString());
    }

    static Verifier verifier(EngineParts parts, Plan plan) {
        return new PostgresVerifier(
                plan,
                new Databases(parts.blue(), parts.green()),
                VerifyLimits.DEFAULT,
                VerifyProgress.NONE,
                parts.failpoints(),
                parts.clock());
    }

    static PostgresSwitchover switchover(
            EngineParts parts, Plan plan, Streams streams, Verifier verifier, Lease lease, Happenings happenings) {
        CutoverSettings cutover = parts.settings().cutover();
        return new PostgresSwitchover(new SwitchParts(
                parts.blue(),
                parts.green(),
                () -> streams.require(Direction.FORWARD),
                () -> streams.require(Direction.REVERSE),
                lane -> lane instanceof ApplyLane one && one.settled(),
                verifier,
                plan,
                traffic(parts, lease),
                streams::name,
                SwitchSettings.usual(
                        parts.migration(),
                        cutover.writePauseBudget(),
                        closing(parts),
                        new IdleWriters(cutover.endIdle(), words -> happenings.tell("switch.ended-idle", words)),
                        lease::epoch),
                parts.failpoints(),
                parts.clock()));
    }

    static OwnershipKeeper ownershipKeeper(EngineParts parts, LongSupplier daemonEpoch) {
        return new OwnershipKeeper(parts.blue(), parts.green(), parts.migration(), closing(parts), daemonEpoch);
    }

    static Gates gates(EngineParts parts, Plan plan) {
        CutoverSettings cutover = parts.settings().cutover();
        GateLimits limits = new GateLimits(
                cutover.maxLag(),
                cutover.stableFor(),
                parts.settings().verify().maxAge(),
                cutover.longestWriter(),
                cutover.writePauseBudget(),
                parts.settings().protectBlue().maxSlotWal().bytes(),
                parts.settings().protectGreen().maxSlotWal().bytes(),
                cutover.window().notBefore(),
                cutover.window().notAfter());
        return new Gates(new GateParts(
                parts.blue(),
                parts.green(),
                plan,
                traffic(parts),
                limits,
                direction -> LaneSettings.originOf(parts.migration(), direction),
                SwitchSettings.SEQUENCE_HEADROOM,
                closing(parts),
                parts.clock()));
    }

    static Closing closing(EngineParts parts) {
        return switch (parts.settings().cutover().fence()) {
            case GUARD -> Closing.GUARD;
            case SESSIONS -> Closing.SESSIONS;
        };
    }

    static BackfillSettings backfillSettings(EngineParts parts, long daemonEpoch) {
        return new BackfillSettings(
                parts.migration(),
                daemonEpoch,
                parts.settings().backfill().workers(),
                parts.settings().backfill().wholeTableUpTo().bytes(),
                parts.settings().backfill().chunkSize().bytes(),
                parts.settings()
                        .backfill()
                        .maxRate()
                        .map(ByteRate::bytesPerSecond)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()));
    }

    static Backfill backfill(
            EngineParts parts, Plan plan, Catalog catalog, ApplyLane lane, long daemonEpoch, Setup setup, Brake brake) {
        return new Backfill(new Backfill.Load(
                parts.blue(),
                parts.green(),
                plan,
                catalog,
                lane,
                new PostgresChunkLedger(parts.green(), parts.migration(), plan.forward()),
                backfillSettings(parts, daemonEpoch),
                setup::buildKey,
                brake,
                parts.failpoints(),
                parts.clock()));
    }

    /** For whoever leads the applications elsewhere: only as long as nobody has taken the lease since. */
    static Traffic traffic(EngineParts parts, Lease lease) {
        Leadership leadership = new Leadership(parts, lease);
        return traffic(parts).onlyWhile(() -> leadership.require("this one leads the applications nowhere"));
    }

    static HookAction action(EngineParts parts, HealthProbe probe) {
        return switch (probe) {
            case HealthProbe.Prometheus one -> new PrometheusProbe(one.url(), one.query(), one.healthy());
            case ActionSettings.Exec exec -> new ExecHook(exec.command());
            case ActionSettings.Http http ->
                new HttpHook(
                        http.url(),
                        http.secretFile().map(file -> new RequestSignature(file, parts.clock())),
                        http.expect().orElse(""));
        };
    }

    static HookSubject subject(EngineParts parts, String hook, String moment, Direction direction, String attempt) {
        return new HookSubject(
                parts.migration(),
                hook,
                moment,
                Hook.word(direction),
                attempt,
                url(parts, Side.BLUE),
                url(parts, Side.GREEN));
    }

    static Traffic traffic(EngineParts parts) {
        List<TrafficSwitcher> switchers = new ArrayList<>();
        for (TrafficSettings settings : parts.settings().cutover().traffic()) {
            switchers.add(switcher(parts, settings));
        }
        List<RouteProbe> probes = parts.settings().cutover().probe().stream()
                .map(route -> probe(parts, route))
                .toList();
        return new Traffic(switchers, probes, TRAFFIC);
    }

    private static RouteProbe probe(EngineParts parts, ConnectionSettings route) {
        return new RouteProbe(
                new RouteAddress(route.displayName(), route.jdbcUrl(), route.driverPropertiesWithSecrets()),
                parts::on,
                PROBE);
    }

    private static TrafficSwitcher switcher(EngineParts parts, TrafficSettings settings) {
        return switch (settings) {
            case TrafficSettings.Clients _ -> clients(parts);
            case TrafficSettings.FileSwitch file ->
                new FileSwitcher(file.path(), file.template(), file.then(), FILE_THEN, side -> url(parts, side));
            case TrafficSettings.Exec exec ->
                new ExecSwitcher(exec.command(), exec.timeout(), side -> url(parts, side));
            case TrafficSettings.HaProxy proxy -> new HaProxySwitcher(proxy.socket(), proxy.backend(), parts.clock());
            case TrafficSettings.PgBouncer bouncer ->
                new PgBouncerSwitcher(
                        new BouncerAddress(
                                bouncer.admin().jdbcUrl(), bouncer.admin().driverPropertiesWithSecrets()),
                        bouncer.configFile(),
                        bouncer.database(),
                        side -> target(parts, bouncer, side));
            case TrafficSettings.Dns dns ->
                new DnsSwitcher(
                        new DnsServer(dns.server().host(), dns.server().port(), DNS, parts.clock()),
                        dns.entry(),
                        dns.keyFile());
            case TrafficSettings.Webhook hook ->
                new WebhookSwitcher(
                        hook.url(),
                        hook.secretFile(),
                        WEBHOOK,
                        parts.migration(),
                        side -> url(parts, side),
                        parts.clock());
        };
    }

    /** A bouncer's line has one port, so of several hosts the first is where it leads, unless told otherwise. */
    private static BouncerTarget target(EngineParts parts, TrafficSettings.PgBouncer bouncer, Side side) {
        ConnectionSettings connection = connection(parts, side);
        HostPort host = bouncer.found(side).orElse(connection.hosts().getFirst());
        return new BouncerTarget(host.host(), host.port(), connection.database());
    }

    private static ConnectionSettings connection(EngineParts parts, Side side) {
        return side == Side.BLUE ? parts.settings().blue() : parts.settings().green();
    }

    private static ClientsSwitcher clients(EngineParts parts) {
        return new ClientsSwitcher(parts.blue(), parts.green(), END_IDLE, parts.clock());
    }

    /** For applications: host, port and database, never a user or password of ours. */
    private static String url(EngineParts parts, Side side) {
        ConnectionSettings connection = connection(parts, side);
        String hosts = connection.hosts().stream()
                .map(host -> host.host() + ":" + host.port())
                .collect(Collectors.joining(","));
        return "postgresql://" + hosts + "/" + connection.database();
    }

    /** Takes the applications' settings of ours off both sides, when blue stays what it was. */
    static void releaseTraffic(EngineParts parts) {
        if (leadsBySetting(parts)) {
            clients(parts).remove();
        }
    }

    /** Whether the closed side is read-only by default so that clients look for the other one. */
    static boolean leadsBySetting(EngineParts parts) {
        return parts.settings().cutover().traffic().stream()
                .anyMatch(settings -> settings instanceof TrafficSettings.Clients);
    }
}
