package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.viridian.daemon.config.Role;
import io.viridian.daemon.config.TokenEntry;
import io.viridian.daemon.config.TokensFileEdit;
import io.viridian.daemon.http.HttpServer;
import io.viridian.daemon.http.HttpSettings;
import io.viridian.daemon.http.IssuedToken;
import io.viridian.migration.Operation;
import io.viridian.plan.Side;
import io.viridian.system.browser.Browser;
import io.viridian.system.browser.Tab;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page, as an operator has it before her: a real browser, a real migration, writers, and every click. */
@Timeout(600)
class PageInABrowserTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path SHOWN = Path.of("..", "..", "docs", "how-to", "page");

    /** A page with pictures is read over slow lines, too. */
    private static final int LARGEST_PICTURE = 400_000;

    private static final List<String> ACTIONS = List.of(
            "rehearse", "verify", "arm", "disarm", "cutover", "rollback", "pause", "resume", "abort", "finalize");

    private final IssuedToken viewer = IssuedToken.fresh();
    private final IssuedToken admin = IssuedToken.fresh();

    @TempDir
    Path directory;

    private Path tokens = Path.of("");

    @BeforeEach
    void giveTokens() {
        Browser.require();
        tokens = directory.resolve("tokens.yaml");
        new TokensFileEdit(tokens).add(new TokenEntry("vic", Role.VIEWER, viewer.sha256(), Optional.empty()));
        new TokensFileEdit(tokens).add(new TokenEntry("ana", Role.ADMIN, admin.sha256(), Optional.empty()));
    }

    private HttpServer serve(Rig rig, DaemonHere daemon, int port) throws InterruptedException {
        HttpSettings settings = new HttpSettings(rig.migration, "127.0.0.1", port, directory, Optional.of(tokens), "1");
        HttpServer server = new HttpServer(
                daemon.control(), settings, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), Clock.system());
        server.start();
        return server;
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.port() + "/");
    }

    @Test
    void aMigrationIsWatchedRehearsedSwitchedAndLedBackByClicks() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 18), directory).configure("schema:\n  from: blue\n");
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            daemon.start();
            try (HttpServer server = serve(rig, daemon, 0);
                    Browser browser = Browser.start(directory)) {
                Tab tab = browser.open(address(server));
                tab.awaitText("#state", "READY", PATIENCE);
                assertThat(tab.text("#migration")).isEqualTo(rig.migration);
                nothingCanBeAskedWithoutAToken(tab);
                aViewerOnlyLooks(tab);

                use(tab, admin, "ana, admin");
                rehearse(tab, rig);
                cutOver(tab, rig);
                rig.assertOnlyWritable(Side.GREEN, ledger.tableOn(Side.GREEN), ledger.tableOn(Side.BLUE));
                ledger.assertCleanOn(Side.GREEN);
                tab.awaitText("#lag-direction", "Blue behind green");
                succeeds(tab, rig, "rollback");
                tab.awaitText("#state", "ROLLED_BACK");
                rig.assertOnlyWritable(Side.BLUE, ledger.tableOn(Side.BLUE), ledger.tableOn(Side.GREEN));
                ledger.assertCleanAtTheEndOn(Side.BLUE);

                fitsOnAPhoneAndInTheDark(tab);
                assertNoComplaints(tab);
            }
        }
    }

    @Test
    void itSaysOnWhatTermsItIsArmedAndThatTheDaemonIsAway() throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 18), directory).configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, "create table note (id int primary key, text text); insert into note values (1, 'one')");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            daemon.start();
            HttpServer server = serve(rig, daemon, 0);
            try (Browser browser = Browser.start(directory)) {
                Tab tab = browser.open(address(server));
                tab.awaitText("#state", "READY", PATIENCE);
                use(tab, admin, "ana, admin");
                arm(tab, daemon, rig);
                open(tab, "disarm");
                tab.type("#dialog-reason", "not tonight");
                assertThat(tab.enabled("#dialog-go")).as("without the name").isFalse();
                close(tab);
                succeeds(tab, rig, "disarm");
                tab.awaitText("#state", "READY");
                assertThat(tab.visible("#arming")).isFalse();
                assertNoComplaints(tab);

                tab.awaitText("#seconds-words", "worst");
                int port = server.port();
                server.close();
                tab.awaitText("#trouble", "The daemon cannot be reached");
                tab.awaitText("#age", "stale", PATIENCE);
                assertThat(ACTIONS)
                        .allSatisfy(type ->
                                assertThat(tab.enabled("#do-" + type)).as(type).isFalse());
                tab.evaluate("scrollTo(0, 0)");
                picture(tab, "away");

                server = serve(rig, daemon, port);
                tab.awaitText("#age", "live");
                tab.awaitText("#stream-words", "Following");
                assertThat(tab.visible("#trouble")).isFalse();
                succeeds(tab, rig, "verify");
                tab.awaitText("#events", "verify by ana");

                use(tab, IssuedToken.fresh(), "refused");
                tab.awaitText("#trouble", "This token is not known");
            } finally {
                server.close();
            }
        }
    }

    /** But that of two who want something at once one is told to look again. */
    private static void assertNoComplaints(Tab tab) {
        assertThat(tab.complaints())
                .filteredOn(text -> !text.contains("status of 412"))
                .isEmpty();
    }

    private static void nothingCanBeAskedWithoutAToken(Tab tab) throws InterruptedException {
        tab.awaitText("#why-cutover", "needs a token");
        assertThat(tab.enabled("#do-cutover")).isFalse();
        tab.awaitText("#why-rollback", "rollback is not possible in READY");
    }

    private void aViewerOnlyLooks(Tab tab) throws InterruptedException {
        use(tab, viewer, "vic, viewer");
        tab.awaitText("#why-cutover", "cutover needs the role approver; vic has viewer");
        for (String type : ACTIONS) {
            assertThat(tab.enabled("#do-" + type)).as(type).isFalse();
        }
        assertThat(tab.text("#why-abort")).contains("abort needs the role responder; vic has viewer");
    }

    /** Types it into the field at the top. */
    private static void use(Tab tab, IssuedToken token, String becomes) throws InterruptedException {
        if (!tab.visible("#token")) {
            tab.click("#who summary");
        }
        tab.type("#token", token.text());
        tab.click("#token-form button[type=submit]");
        tab.awaitText("#caller", becomes);
    }

    private void rehearse(Tab tab, Rig rig) throws Exception {
        for (String type : List.of("verify", "rehearse")) {
            open(tab, type);
            assertThat(tab.visible("#dialog-name")).as(type).isTrue();
            close(tab);
        }
        succeeds(tab, rig, "verify");
        picture(tab, "ready");
        open(tab, "rehearse");
        assertThat(tab.text("#dialog-pause")).contains("not known");
        tab.press("Escape");
        Await.until("the dialog is closed", PATIENCE, () -> !tab.visible("#dialog"));
        succeeds(tab, rig, "rehearse");
        tab.awaitText("#gates", "pause.predicted");
        tab.awaitText("#operations", "write pause");
        Await.until(
                "the lag is drawn as a line", PATIENCE, () -> tab.evaluate("""
                        document.querySelector('#seconds-chart polyline')?.points.length > 2
                          && document.querySelector('#bytes-chart polyline')?.points.length > 2""").asBoolean());
        tab.evaluate("document.querySelector('#lagging').scrollIntoView()");
        picture(tab, "gates");
        tab.evaluate("scrollTo(0, 0)");
    }

    private void cutOver(Tab tab, Rig rig) throws Exception {
        open(tab, "cutover");
        assertThat(tab.text("#dialog-pause")).contains("Predicted write pause", "rehearsed");
        tab.type("#dialog-reason", "tonight");
        assertThat(tab.enabled("#dialog-go")).as("without the name").isFalse();
        tab.type("#dialog-name", rig.migration + "x");
        assertThat(tab.enabled("#dialog-go")).as("with another name").isFalse();
        tab.type("#dialog-name", rig.migration);
        assertThat(tab.text("#dialog-command"))
                .contains("viridian cutover --plan ", "--reason tonight --confirm " + rig.migration);
        picture(tab, "cutover");
        close(tab);
        succeeds(tab, rig, "cutover");
        tab.awaitText("#state", "SWITCHED");
        tab.awaitText("#owner", "green");
        tab.awaitText("#rollback", "Yes, without loss");
        tab.awaitText("#events", "SWITCHED");
        picture(tab, "switched");
    }

    private void arm(Tab tab, DaemonHere daemon, Rig rig) throws Exception {
        open(tab, "arm");
        daemon.submit(Operation.Type.VERIFY, Map.of());
        tab.awaitText("#dialog-trouble", "The migration has changed since this was opened");
        fillForTomorrow(tab, rig);
        assertThat(tab.enabled("#dialog-go")).as("after somebody else").isFalse();
        close(tab);
        succeeds(tab, "arm", () -> fillForTomorrow(tab, rig));
        tab.awaitText("#state", "ARMED");
        tab.awaitText("#arming", "max_lag 500ms");
        tab.awaitText("#arming", "window.open", PATIENCE);
        picture(tab, "armed");
    }

    private static void fillForTomorrow(Tab tab, Rig rig) throws InterruptedException {
        fill(tab, rig, "not before tomorrow");
        tab.type("#dialog-max_lag", "500ms");
        tab.type(
                "#dialog-not_before",
                Instant.now()
                        .plus(Duration.ofDays(1))
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
    }

    private static void open(Tab tab, String type) throws InterruptedException {
        tab.click("#do-" + type);
        Await.until("the dialog is open", PATIENCE, () -> tab.visible("#dialog"));
        if (List.of("rehearse", "cutover", "arm").contains(type)) {
            tab.awaitText("#dialog-plan", "FENCE", PATIENCE);
        }
    }

    private static void fill(Tab tab, Rig rig, String reason) throws InterruptedException {
        tab.type("#dialog-reason", reason);
        if (tab.visible("#dialog-name")) {
            tab.type("#dialog-name", rig.migration);
        }
    }

    private static void close(Tab tab) throws InterruptedException {
        if (tab.visible("#dialog")) {
            tab.click("#dialog-close");
        }
        Await.until("the dialog is closed", PATIENCE, () -> !tab.visible("#dialog"));
    }

    private static void succeeds(Tab tab, Rig rig, String type) throws InterruptedException {
        succeeds(tab, type, () -> fill(tab, rig, "test"));
    }

    /** Goes through the dialog until the operation succeeds: gates may refuse, and others change the migration. */
    private static void succeeds(Tab tab, String type, Typing typing) throws InterruptedException {
        Await.until(type + " succeeds", PATIENCE, () -> {
            open(tab, type);
            typing.type();
            Await.until(
                    "it can be asked for or says why not",
                    PATIENCE,
                    () -> tab.enabled("#dialog-go") || tab.visible("#dialog-trouble"));
            tab.clickAsItIs("#dialog-go");
            Await.until(
                    "it says how it ended, or why not",
                    PATIENCE,
                    () -> tab.visible("#dialog-trouble")
                            || tab.text("#dialog-outcome").matches("[✔▲✖] .*"));
            String outcome = tab.text("#dialog-outcome") + tab.text("#dialog-progress");
            close(tab);
            return outcome.contains("SUCCEEDED");
        });
    }

    /** What is typed into a dialog. */
    private interface Typing {
        void type() throws InterruptedException;
    }

    private void fitsOnAPhoneAndInTheDark(Tab tab) throws Exception {
        tab.window(390, 844);
        tab.colours("dark");
        tab.evaluate("scrollTo(0, 0)");
        assertThat(tab.overflow()).as("to the side").isZero();
        picture(tab, "phone");
    }

    /** Keeps it beside the test, and for the documentation when that is regenerated. */
    private void picture(Tab tab, String name) throws IOException, InterruptedException {
        Path file = directory.resolve(name + ".png");
        tab.screenshot(file);
        assertThat(Files.size(file)).as(name).isBetween(5_000L, (long) LARGEST_PICTURE);
        if (Boolean.getBoolean("viridian.regenerate")) {
            Files.createDirectories(SHOWN);
            Files.copy(file, SHOWN.resolve(name + ".png"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
