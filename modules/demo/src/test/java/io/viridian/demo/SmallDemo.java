package io.viridian.demo;

import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The demonstration as {@code make demo} shows it, with a smaller shop and less time. */
final class SmallDemo {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /** The exit code. */
    int run(String database, Demo.Mischief mischief) throws InterruptedException {
        DemoSettings small = new DemoSettings(
                Examples.shop(), 200, LedgerConfig.Volume.small(), Duration.ofMillis(500), 0, false, Map.of());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new Demo(small, out, Clock.system()).run(ServerPair.shared(14, 18), database, mischief);
    }

    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
