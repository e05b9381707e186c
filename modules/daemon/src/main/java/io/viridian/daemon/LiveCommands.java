package io.viridian.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.viridian.control.PlanView;
import io.viridian.daemon.config.ConfigurationExample;
import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.Settings;
import io.viridian.daemon.config.TokensFile;
import io.viridian.daemon.engine.Checks;
import io.viridian.daemon.engine.CrashOnDemand;
import io.viridian.daemon.engine.EngineParts;
import io.viridian.daemon.engine.MappingDraft;
import io.viridian.daemon.engine.PlanBinder;
import io.viridian.daemon.engine.PlanViews;
import io.viridian.daemon.engine.SlotWatch;
import io.viridian.daemon.engine.ViridianDaemon;
import io.viridian.daemon.http.HttpServer;
import io.viridian.daemon.http.HttpSettings;
import io.viridian.daemon.metrics.MetricSource;
import io.viridian.daemon.metrics.MigrationMetrics;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Retry;
import io.viridian.plan.Finding;
import io.viridian.plan.Planned;
import io.viridian.schema.legacy.LegacyObject;
import io.viridian.time.Backoff;
import io.viridian.time.Clock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verbs that need no running daemon, and the one that is it. Each call stands alone. */
final class LiveCommands implements LocalCommands {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCommands.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As patient as the conductor: the machine of the daemon may be up before those of the servers. */
    private static final Backoff START = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), Integer.MAX_VALUE);

    @Override
    public int run(Invocation invocation, boolean standby) throws InterruptedException {
        Settings settings = ConfigurationLoader.load(invocation.sources()).settings();
        settings.http().tokensFile().ifPresent(TokensFile::read);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread onSignal = new Thread(
                () -> {
                    told.countDown();
                    awaitQuietly(stopped);
                },
                "viridian-shutdown");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (ViridianDaemon daemon =
                new ViridianDaemon(settings, CrashOnDemand.fromEnvironment(System.getenv()), Clock.system())) {
            boolean goesOn = (!standby || stoodBy(invocation, settings, daemon, told)) && started(daemon, told);
            return goesOn ? serve(invocation, settings, daemon, told) : 0;
        } finally {
            stopped.countDown();
        }
    }

    /** Answers probes and scrapers until it is this daemon's turn; false when told to stop before. */
    private static boolean stoodBy(Invocation invocation, Settings settings, ViridianDaemon daemon, CountDownLatch told)
            throws InterruptedException {
        Standby standby = new Standby(settings.migration());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MigrationMetrics metrics =
                new MigrationMetrics(registry, standby, MetricSource.NOTHING, settings.migration(), Version.current());
        // The token of the one that leads stays, should that be on the same machine.
        HttpSettings http = http(settings, settings.stateDir().resolve("standby"));
        try (HttpServer server = new HttpServer(standby, http, registry, Clock.system())
                .readiness(standby::missing)
                .beforeScrape(metrics::refresh)) {
            server.start();
            say(invocation, settings, server, " stands by");
            boolean turn = daemon.awaitTurn(() -> told.getCount() == 0, standby::waitsFor);
            if (turn) {
                LOG.info("no other daemon leads migration {} any more: this one does", settings.migration());
            }
            return turn;
        }
    }

    private static HttpSettings http(Settings settings, Path stateDir) {
        return new HttpSettings(
                settings.migration(),
                settings.http().listen().host(),
                settings.http().listen().port(),
                stateDir,
                settings.http().tokensFile(),
                Version.current());
    }

    @Override
    public int leading(Invocation invocation, Deed deed) throws InterruptedException {
        Settings settings = ConfigurationLoader.load(invocation.sources()).settings();
        Path own = temporaryDirectory();
        try (ViridianDaemon daemon = new JournalSearch(settings, Clock.system(), invocation.err()).leader();
                HttpServer server = leading(daemon, settings, own)) {
            return deed.perform(URI.create("http://127.0.0.1:" + server.port()), server.tokenFile());
        }
    }

    /** On a port of its own, so that it is in nobody's way. */
    private static HttpServer leading(ViridianDaemon daemon, Settings settings, Path own) throws InterruptedException {
        started(daemon, new CountDownLatch(1));
        HttpServer server = new HttpServer(
                        daemon.control(),
                        new HttpSettings(
                                settings.migration(), "127.0.0.1", 0, own, Optional.empty(), Version.current()),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        Clock.system())
                .readiness(daemon::missing);
        server.start();
        return server;
    }

    /** For one token, which the server takes away again. */
    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("viridian-direct-");
        } catch (IOException failure) {
            throw Fault.of(FaultCode.USAGE, "there is no room for a token: " + failure.getMessage())
                    .asException(failure);
        }
    }

    private static void say(Invocation invocation, Settings settings, HttpServer server, String what) {
        invocation
                .err()
                .println("viridian " + Version.current() + ": migration " + settings.migration() + what + " on http://"
                        + settings.http().listen().host() + ":" + server.port() + "/");
        invocation.err().flush();
    }

    /** Waits for servers that do not answer yet; false when told to stop before they did. */
    private static boolean started(ViridianDaemon daemon, CountDownLatch told) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                daemon.start();
                return true;
            } catch (FaultException failure) {
                FaultCode code = failure.code();
                if (code.retry() != Retry.AUTOMATIC || code == FaultCode.HELD_BY_ANOTHER) {
                    throw failure;
                }
                Duration wait = START.waitAfter(attempt);
                LOG.warn(
                        "cannot start yet: {}. Tries again in {} ms (attempt {}). {}",
                        failure.fault().sentence(),
                        wait.toMillis(),
                        attempt,
                        code.remedy());
                if (told.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        }
    }

    private static void awaitQuietly(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static int serve(Invocation invocation, Settings settings, ViridianDaemon daemon, CountDownLatch told)
            throws InterruptedException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HttpSettings http = http(settings, settings.stateDir());
        SlotWatch slots = new SlotWatch(daemon);
        MigrationMetrics metrics =
                new MigrationMetrics(registry, daemon.control(), slots, settings.migration(), Version.current());
        try (HttpServer server = new HttpServer(daemon.control(), http, registry, Clock.system())
                .readiness(daemon::missing)
                .beforeScrape(metrics::refresh)) {
            server.start();
            say(invocation, settings, server, "");
            invocation.err().println(server.whoMayCall());
            invocation.err().flush();
            while (!told.await(200, TimeUnit.MILLISECONDS)) {
                Optional<Fault> why = daemon.gaveUp();
                if (daemon.lockLost()) {
                    throw Fault.of(FaultCode.HELD_BY_ANOTHER, "another daemon has taken over")
                            .asException();
                }
                if (why.isPresent()) {
                    throw why.get().asException();
                }
            }
            return 0;
        }
    }

    @Override
    public int check(Invocation invocation, boolean grants) throws InterruptedException {
        Settings settings = ConfigurationLoader.load(invocation.sources()).settings();
        if (grants) {
            invocation.out().print(Checks.grants(settings));
            return 0;
        }
        EngineParts parts = ViridianDaemon.parts(settings, point -> {}, Clock.system());
        try {
            Planned planned = new PlanBinder(parts).bind(false);
            List<Finding> findings = Checks.run(parts, planned);
            print(invocation, findings);
            return findings.stream().anyMatch(Finding::refuses) ? FaultCode.PREFLIGHT_REFUSED.exitCode() : 0;
        } finally {
            parts.close();
        }
    }

    private static void print(Invocation invocation, List<Finding> findings) {
        if (invocation.json()) {
            ArrayNode all = JSON.createArrayNode();
            findings.forEach(finding -> all.add(json(finding)));
            ObjectNode root = JSON.createObjectNode();
            root.set("findings", all);
            root.put("refused", findings.stream().anyMatch(Finding::refuses));
            invocation.out().println(root);
            return;
        }
        for (Finding finding : findings) {
            invocation
                    .out()
                    .println(finding.severity().name().toLowerCase(java.util.Locale.ROOT) + "  " + finding.id() + "  "
                            + finding.object());
            invocation.out().println("    " + finding.message());
            if (!finding.fix().isEmpty()) {
                invocation.out().println("    fix: " + finding.fix());
            }
        }
        long refused = findings.stream().filter(Finding::refuses).count();
        invocation.out().println(refused == 0 ? "clean: nothing refuses" : refused + " refused");
        invocation
                .out()
                .println(
                        refused == 0
                                ? "Next: viridian plan, then viridian run"
                                : "Next: mend the above, then viridian check");
    }

    private static ObjectNode json(Finding finding) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", finding.id());
        node.put("severity", finding.severity().name().toLowerCase(java.util.Locale.ROOT));
        node.put("object", finding.object());
        node.put("message", finding.message());
        node.put("fix", finding.fix());
        return node;
    }

    @Override
    public int plan(Invocation invocation, String what) throws InterruptedException {
        Settings settings = ConfigurationLoader.load(invocation.sources()).settings();
        EngineParts parts = ViridianDaemon.parts(settings, point -> {}, Clock.system());
        try {
            PlanView view = new PlanViews(parts).plan(what);
            print(invocation, view);
            return view.findings().stream().anyMatch(Finding::refuses) ? FaultCode.PLAN_REFUSED.exitCode() : 0;
        } finally {
            parts.close();
        }
    }

    private static void print(Invocation invocation, PlanView view) {
        if (invocation.json()) {
            ObjectNode root = JSON.createObjectNode();
            root.put("plan", view.what());
            root.put("hash", view.hash());
            ArrayNode steps = root.putArray("steps");
            view.steps().forEach(step -> {
                ObjectNode one = steps.addObject();
                one.put("name", step.name());
                one.put("does", step.does());
                ArrayNode statements = one.putArray("statements");
                step.statements().forEach(statements::add);
                one.put("estimate", step.estimate());
            });
            ArrayNode findings = root.putArray("findings");
            view.findings().forEach(finding -> findings.add(json(finding)));
            invocation.out().println(root);
            return;
        }
        invocation.out().println("plan " + view.what() + ", hash " + view.hash());
        int number = 1;
        for (PlanView.Step step : view.steps()) {
            invocation.out().println(number++ + ". " + step.name() + ": " + step.does());
            if (!step.estimate().isEmpty()) {
                invocation.out().println("     " + step.estimate());
            }
            step.statements().forEach(statement -> invocation.out().println("     " + statement));
        }
        if (!view.findings().isEmpty()) {
            print(invocation, view.findings());
        }
    }

    @Override
    public int compatibility(Invocation invocation, Duration quiet) {
        Settings settings = ConfigurationLoader.load(invocation.sources()).settings();
        EngineParts parts = ViridianDaemon.parts(settings, point -> {}, Clock.system());
        try {
            CompatibilityReport report = new CompatibilityReport(
                    parts.green().query(LegacyObject::read),
                    quiet,
                    parts.clock().now());
            invocation.out().print(invocation.json() ? report.json() + "\n" : report.text());
            return 0;
        } finally {
            parts.close();
        }
    }

    @Override
    public int init(Invocation invocation, Path directory, boolean overwrite) throws InterruptedException {
        Path configuration = directory.resolve("viridian.yaml");
        Path mapping = directory.resolve("mapping.yaml");
        for (Path file : List.of(configuration, mapping)) {
            if (Files.exists(file) && !overwrite) {
                throw Fault.about(
                                FaultCode.USAGE,
                                file.toString(),
                                file + " is there already; give --force to replace it")
                        .asException();
            }
        }
        String draft = MappingDraft.of(invocation.sources());
        try {
            Files.createDirectories(directory);
            Files.writeString(configuration, ConfigurationExample.yaml());
            Files.writeString(mapping, draft);
        } catch (IOException failure) {
            throw Fault.about(
                            FaultCode.USAGE,
                            directory.toString(),
                            "cannot write into " + directory + ": " + failure.getMessage())
                    .asException(failure);
        }
        invocation.err().println("wrote " + configuration + " and " + mapping);
        invocation.err().println("Next: fill in blue.url and green.url, then viridian check");
        return 0;
    }
}
