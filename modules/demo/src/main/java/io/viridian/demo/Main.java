package io.viridian.demo;

import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.nio.file.Path;

/** Where {@code make demo} begins; the argument is the directory {@code examples/shop}. */
public final class Main {
    private static final int BLUE = 14;
    private static final int GREEN = 18;

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        // The program's own configuration talks to the terminal, which belongs to the demonstration.
        System.setProperty("logback.configurationFile", "io/viridian/demo/logback.xml");
        Path shop = Path.of(arguments.length == 0 ? "examples/shop" : arguments[0]);
        DemoSettings settings = DemoSettings.usual(shop, System.getenv());
        Demo demo = new Demo(settings, System.out, Clock.system());
        int exit;
        try (ServerPair servers = ServerPair.start(BLUE, GREEN)) {
            exit = demo.run(servers, "shop", Demo.Mischief.NONE);
        }
        System.exit(exit);
    }
}
