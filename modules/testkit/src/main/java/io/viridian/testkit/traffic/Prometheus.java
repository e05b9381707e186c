package io.viridian.testkit.traffic;

import io.viridian.testkit.Installed;
import io.viridian.testkit.server.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real Prometheus that asks one target every second. */
public final class Prometheus implements AutoCloseable {
    private final int port;
    private final Program program;

    private Prometheus(int port, Program program) {
        this.port = port;
        this.program = program;
    }

    /** A missing one is a named skip for a user, and a failure in CI. */
    public static void require() {
        Installed.require("prometheus");
    }

    /**
     * Starts it.
     *
     * @param target host and port of what it asks for {@code /metrics}
     */
    public static Prometheus start(Path directory, String target) throws IOException, InterruptedException {
        int port = FreePort.find();
        Path configuration = directory.resolve("prometheus.yml");
        Files.writeString(configuration, """
                global: { scrape_interval: 1s, scrape_timeout: 1s }
                scrape_configs:
                  - job_name: shop
                    static_configs: [ { targets: ["%s"] } ]
                """.formatted(target));
        return new Prometheus(
                port,
                Program.start(
                        List.of(
                                "prometheus",
                                "--config.file=" + configuration,
                                "--storage.tsdb.path=" + directory.resolve("prometheus"),
                                "--web.listen-address=127.0.0.1:" + port),
                        directory.resolve("prometheus.log"),
                        port));
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** It answers nobody any more. */
    public void stop() {
        program.close();
    }

    @Override
    public void close() {
        stop();
    }
}
