package io.viridian.demo;

import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.ConfigurationSources;
import io.viridian.daemon.config.HostPort;
import io.viridian.daemon.config.Settings;
import io.viridian.daemon.config.TrafficSettings;
import io.viridian.daemon.http.HttpSettings;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.ledger.LedgerWorkload;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.PrintStream;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Sets the stage, lets the clients write, starts the daemon, has the story told, and asks the clients how it went. */
final class Demo {
    private final DemoSettings settings;
    private final Clock clock;
    private final Narrator narrator;

    Demo(DemoSettings settings, PrintStream out, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.narrator = new Narrator(out, clock);
    }

    /** Something that happens to both databases after the migration and before the ledgers are compared. */
    @FunctionalInterface
    interface Mischief {
        Mischief NONE = _ -> {};

        void befall(Stage stage) throws SQLException;
    }

    /** The whole demonstration on these servers; answers its exit code. */
    int run(ServerPair servers, String database, Mischief mischief) throws InterruptedException {
        narrator.line(
                "servers",
                "blue is PostgreSQL %d on port %d, green is PostgreSQL %d on port %d",
                servers.blue().majorVersion(),
                servers.blue().port(),
                servers.green().majorVersion(),
                servers.green().port());
        try {
            Stage stage = Stage.load(servers, database, settings);
            int port = DashboardPort.choose(settings.port(), narrator);
            try (ShopFiles files = ShopFiles.prepare(settings.shop(), stage, port)) {
                return run(stage, files, mischief);
            }
        } catch (Trouble trouble) {
            narrator.line("FAILED", "%s", String.valueOf(trouble.getMessage()));
        } catch (SQLException failure) {
            narrator.line("FAILED", "%s", failure.toString());
        }
        return 1;
    }

    private int run(Stage stage, ShopFiles files, Mischief mischief) throws InterruptedException, SQLException {
        ConfigurationSources sources = files.sources(settings.environment());
        Settings configured = ConfigurationLoader.load(sources).settings();
        LedgerConfig bank = Clients.bank(stage, files.ledger(), settings.bankRows());
        try (Connection blue = stage.blue()) {
            LedgerWorkload.install(blue, bank);
        }
        narrator.line("shop", "%s", stage.contents());
        Leftovers leftovers = Leftovers.before(stage, clock);
        boolean led = configured.cutover().traffic().stream().anyMatch(TrafficSettings.Clients.class::isInstance);
        try (Clients clients = Clients.start(bank, ShopAddress.of(stage, led), settings.customers(), clock)) {
            narrator.line(
                    "clients",
                    "%d write, each with a ledger of what was acknowledged; they find the open side %s",
                    clients.number(),
                    led ? "by a URL with both hosts" : "by trying the other when one refuses");
            Ending ending = migrate(sources, configured, files, clients);
            clients.stop();
            mischief.befall(stage);
            Verdict verdict = judge(stage, clients, ending, leftovers);
            ending.story().summary();
            tell(verdict, ending, led);
            return verdict.exitCode();
        }
    }

    /** How the migration ended: who owned the writes, and whether it was removed. */
    private record Ending(Story story, boolean green, boolean removed) {}

    private Ending migrate(ConfigurationSources sources, Settings configured, ShopFiles files, Clients clients)
            throws InterruptedException {
        HostPort listen = configured.http().listen();
        URI address = URI.create("http://" + listen);
        narrator.line("daemon", "as `viridian run` starts it; dashboard on %s", address);
        try (RunningDaemon daemon = RunningDaemon.start(sources);
                DaemonApi api = new DaemonApi(
                        address,
                        HttpSettings.tokenFile(configured.stateDir(), configured.migration()),
                        configured.migration(),
                        clock)) {
            Story story = new Story(daemon, api, clients, narrator, clock);
            story.reachReady();
            if (settings.hold()) {
                new Hold(narrator, files.configuration(), configured.migration(), address).untilAsked();
            } else {
                story.thereAndBackAndThere(settings.writing());
            }
            story.countStreamed();
            DaemonApi.Status last = api.status().orElseThrow(() -> new Trouble("the daemon does not answer"));
            boolean removed = List.of("FINALIZED", "ABORTED").contains(last.state());
            return new Ending(story, last.owner().equals("green"), removed);
        }
    }

    private Verdict judge(Stage stage, Clients clients, Ending ending, Leftovers leftovers)
            throws SQLException, InterruptedException {
        List<String> left = ending.removed() ? leftovers.found() : List.of();
        try (Connection owner = ending.green() ? stage.green() : stage.blue()) {
            return new Verdict(
                    clients.checkBank(owner, ending.green()), clients.checkShop(owner, ending.green()), left);
        }
    }

    private void tell(Verdict verdict, Ending ending, boolean led) {
        narrator.plain("");
        verdict.complaints().forEach(complaint -> narrator.plain("  ! %s", complaint));
        narrator.plain("%s", verdict.ledger());
        if (verdict.unknown() > 0) {
            narrator.plain("  (%d more got no answer; each is there once or not at all)", verdict.unknown());
        }
        if (ending.removed()) {
            narrator.plain(
                    verdict.leftovers().isEmpty()
                            ? "nothing of Viridian is left on either server"
                            : "%d things of Viridian are left behind",
                    verdict.leftovers().size());
        }
        if (ending.removed() && ending.green() && led) {
            narrator.plain("  (blue stays read only, so that no client with both hosts in its URL goes back to it)");
        }
        narrator.plain("%s in all", Narrator.seconds(narrator.elapsed()).strip());
    }
}
