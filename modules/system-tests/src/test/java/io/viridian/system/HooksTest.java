package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.viridian.control.MigrationEvent;
import io.viridian.control.MigrationView;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import io.viridian.testkit.traffic.Prometheus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators have run and asked on the way, under writers who keep a ledger. */
class HooksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private Rig rig(String yaml) throws Exception {
        return new Rig(ServerPair.shared(15, 18), directory).configure("schema:\n  from: blue\n" + yaml);
    }

    /** The script passes while the file is there. */
    private String hook(String name, String when, String script) {
        return "  - exec: { name: %s, when: %s, timeout: 400ms, every: 1s, command: [sh, -c, '%s'] }\n"
                .formatted(
                        name,
                        when,
                        script.replace("FLAG", directory.resolve(name).toString()));
    }

    private void allow(String name) throws Exception {
        Files.writeString(directory.resolve(name), "");
    }

    private static void awaitEvent(DaemonHere daemon, String type, String text) throws InterruptedException {
        Await.until(
                type + ": " + text,
                PATIENCE,
                () -> daemon.control().events(0, 1000).stream()
                        .anyMatch(event ->
                                event.type().equals(type) && event.text().contains(text)));
    }

    /** A cutover that began, whatever gates were in the way at first. */
    private static Panel.Asked undone(Driver driver) throws InterruptedException {
        Panel.Asked[] last = {driver.carryOut(Operation.Type.CUTOVER)};
        Await.until("a cutover begins", PATIENCE, () -> {
            if (last[0].status() == Operation.Status.UNDONE) {
                return true;
            }
            last[0] = driver.carryOut(Operation.Type.CUTOVER);
            return false;
        });
        return last[0];
    }

    @Test
    void hooksAreInTheWayUndoAndTellWhereTheirMomentsSay() throws Exception {
        Rig rig = rig("hooks:\n"
                + hook("smoke", "gate", "test -e FLAG || { echo no smoke yet; exit 1; }")
                + hook("ready", "before FENCE", "test -e FLAG")
                + hook("hangs", "before COMMIT", "test -e FLAG || sleep 600")
                + hook("cleanup", "after ROUTE", "echo \"$VIRIDIAN_DIRECTION of $VIRIDIAN_MIGRATION\"; exit 3")
                + hook("report", "after-switch", "echo \"$VIRIDIAN_MOMENT\""));
        try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            Await.until("the gate is in the way", PATIENCE, () -> {
                Panel.Asked refused = driver.carryOut(Operation.Type.CUTOVER);
                return refused.result().getOrDefault("detail", "").contains("no smoke yet");
            });

            allow("smoke");
            Panel.Asked beforeTheFence = undone(driver);
            assertThat(beforeTheFence.result()).containsEntry("object", "hook.ready");
            assertThat(beforeTheFence.writePauseMillis()).isZero();

            allow("ready");
            Panel.Asked inThePause = undone(driver);
            assertThat(inThePause.result()).containsEntry("object", "hook.hangs");
            assertThat(inThePause.result().get("detail")).contains("did not end within 400 ms");
            assertThat(inThePause.writePauseMillis()).isBetween(400L, 3_000L);
            rig.assertOnlyWritable(Side.BLUE, Ledger.TABLE);

            allow("hangs");
            driver.cutover();
            awaitEvent(daemon, "hook.failed", "cutover of " + rig.migration);
            awaitEvent(daemon, "hook.passed", "hook.report (after-switch): after-switch");
            ledger.assertCleanOn(Side.GREEN);
            driver.rollback();
            ledger.assertCleanAtTheEndOn(Side.BLUE);
            assertThat(daemon.control().events(0, 1000))
                    .as("a rollback has none of these")
                    .filteredOn(event -> event.text().contains("hook.report"))
                    .hasSize(1);
            driver.abort();
        }
    }

    @Test
    void whatFailsBehindACutoverIsLedBackAndWhatSaysNothingIsNot() throws Exception {
        Prometheus.require();
        String[] value = {"0"};
        HttpServer shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.createContext("/metrics", exchange -> {
            byte[] text = ("shop_errors " + value[0] + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        shop.start();
        try (Prometheus prometheus =
                Prometheus.start(directory, "127.0.0.1:" + shop.getAddress().getPort())) {
            Rig rig = rig("""
                    health:
                      prometheus: { url: "%s", query: shop_errors, healthy: "< 0.01" }
                      every: 1s
                      timeout: 1s
                      window: 5m
                      failures: 2
                      on-failing: rollback
                    """.formatted(prometheus.url()));
            try (Ledger ledger = Ledger.open(rig, config -> config.withOperationsPerSecond(60));
                    DaemonHere daemon = new DaemonHere(rig)) {
                Driver driver = new Driver(daemon);
                driver.reach(StateName.READY);
                driver.cutover();
                awaitVerdict(daemon, "passing");

                value[0] = "0.5";
                driver.reach(StateName.ROLLED_BACK);
                ledger.assertCleanOn(Side.BLUE);
                assertThat(daemon.control().operations(5))
                        .filteredOn(one ->
                                one.type() == Operation.Type.ROLLBACK && one.status() == Operation.Status.SUCCEEDED)
                        .singleElement()
                        .satisfies(one -> {
                            assertThat(one.by()).isEqualTo("health");
                            assertThat(one.reason()).contains("failing answers in a row: 0.5");
                        });

                value[0] = "NaN";
                driver.cutover();
                awaitInconclusive(daemon, 4);
                prometheus.stop();
                awaitInconclusive(daemon, 7);
                assertThat(daemon.state()).isEqualTo(StateName.SWITCHED);
                ledger.assertCleanAtTheEndOn(Side.GREEN);
                driver.finish();
            }
        } finally {
            shop.stop(0);
        }
    }

    private static void awaitVerdict(DaemonHere daemon, String verdict) throws InterruptedException {
        Await.until(
                "health is " + verdict,
                PATIENCE,
                () -> daemon.control()
                        .view()
                        .health()
                        .map(MigrationView.HealthView::verdict)
                        .equals(Optional.of(verdict)));
    }

    private static void awaitInconclusive(DaemonHere daemon, int answers) throws InterruptedException {
        Await.until(
                answers + " answers said nothing",
                PATIENCE,
                () -> daemon.control()
                        .view()
                        .health()
                        .filter(health -> health.verdict().equals("inconclusive") && health.inconclusive() >= answers)
                        .isPresent());
    }

    @Test
    void whatCannotBeLedBackWithoutLossHolds() throws Exception {
        Rig rig = rig("""
                reverse: { enabled: false }
                health:
                  exec: { command: ["false"] }
                  every: 1s
                  timeout: 1s
                  window: 5m
                  failures: 1
                  on-failing: rollback
                """);
        rig.execute(Side.BLUE, "create table note (id int primary key); insert into note values (1)");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            awaitEvent(daemon, "health.rollback-waits", "impossible(reverse.enabled is false)");
            daemon.stop();
            daemon.start();
            awaitVerdict(daemon, "failing");
            assertThat(daemon.state()).isEqualTo(StateName.SWITCHED);
            assertThat(List.copyOf(daemon.control().operations(50)))
                    .noneMatch(one -> one.type() == Operation.Type.ROLLBACK);
            assertThat(daemon.control().events(0, 1000))
                    .extracting(MigrationEvent::type)
                    .contains("health.failing", "health.failed");
            driver.finish();
        }
    }
}
