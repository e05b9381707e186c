package io.viridian.demo;

import io.viridian.testkit.ledger.LedgerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How large the demonstration is, and where it finds things.
 *
 * @param shop the directory {@code examples/shop}
 * @param customers of the shop; everything else in it follows from their number
 * @param bankRows what the gift-card bank holds at the beginning
 * @param writing how long the clients write on each side between two switches
 * @param port where the dashboard is, if that port is free; 0 lets the machine choose
 * @param hold stay in READY until somebody ends it
 * @param environment of the process: VIRIDIAN_… variables override the configuration
 */
record DemoSettings(
        Path shop,
        int customers,
        LedgerConfig.Volume bankRows,
        Duration writing,
        int port,
        boolean hold,
        Map<String, String> environment) {
    /** Some ten thousand rows: enough to be copied visibly, little enough for a minute on a laptop. */
    private static final int CUSTOMERS = 4_000;

    private static final LedgerConfig.Volume BANK = new LedgerConfig.Volume(500, 100, 9_000);

    /** Long enough for some hundred transactions on each side, short enough to watch. */
    private static final Duration WRITING = Duration.ofSeconds(4);

    private static final int PORT = 7080;

    DemoSettings {
        environment = Map.copyOf(environment);
    }

    static DemoSettings usual(Path shop, Map<String, String> environment) {
        boolean hold = environment.getOrDefault("DEMO_HOLD", "").equals("1");
        return new DemoSettings(shop, CUSTOMERS, BANK, WRITING, PORT, hold, environment);
    }
}
