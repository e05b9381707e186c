package io.viridian.system.browser;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.testkit.Await;
import io.viridian.testkit.Installed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Chromium of the machine, with a profile of its own. */
public final class Browser implements AutoCloseable {
    private static final String PROGRAM = "chromium";

    /** The first start of a browser on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final DevTools tools;

    private Browser(Process process, DevTools tools) {
        this.process = process;
        this.tools = tools;
    }

    /** A missing one is a named skip for a user, and a failure in CI. */
    public static void require() {
        Installed.require(PROGRAM);
    }

    /** Starts it; what it writes goes into the directory. */
    public static Browser start(Path directory) throws IOException, InterruptedException {
        Path profile = Files.createDirectories(directory.resolve("chromium"));
        ProcessBuilder builder = new ProcessBuilder(
                PROGRAM,
                "--headless=new",
                // A test machine runs everything as root, and loads nothing here but our own page.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank");
        builder.environment().put("HOME", profile.toString());
        Path log = directory.resolve("chromium.log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            return new Browser(process, new DevTools(address(process, profile, log)));
        } catch (RuntimeException | IOException | InterruptedException | AssertionError e) {
            end(process);
            throw e;
        }
    }

    private static URI address(Process process, Path profile, Path log) throws IOException, InterruptedException {
        Path told = profile.resolve("DevToolsActivePort");
        Await.until("chromium says where it listens", PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("it ended: " + Files.readString(log));
            }
            return Files.exists(told) && Files.readAllLines(told).size() > 1;
        });
        List<String> lines = Files.readAllLines(told);
        return URI.create(
                "ws://127.0.0.1:" + lines.getFirst().strip() + lines.get(1).strip());
    }

    /** Opens an address in a tab of its own. */
    public Tab open(URI address) throws InterruptedException {
        String target = tools.send(
                        "", "Target.createTarget", DevTools.parameters().put("url", "about:blank"))
                .path("targetId")
                .asText();
        ObjectNode attach = DevTools.parameters().put("targetId", target).put("flatten", true);
        String session = tools.send("", "Target.attachToTarget", attach)
                .path("sessionId")
                .asText();
        Tab tab = new Tab(tools, session);
        tab.load(address);
        return tab;
    }

    @Override
    public void close() {
        tools.close();
        end(process);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
