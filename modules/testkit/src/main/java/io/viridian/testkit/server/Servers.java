package io.viridian.testkit.server;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts servers. The system property or environment variable VIRIDIAN_TEST_SERVERS says of which kind: {@code
 * embedded}, {@code containers}, or {@code auto} (the default), which takes containers exactly where a Docker engine
 * answers.
 */
public final class Servers {

    static final String SWITCH = "VIRIDIAN_TEST_SERVERS";

    private static final Logger LOG = LoggerFactory.getLogger(Servers.class);
    private static final boolean CONTAINERS = containers();

    private Servers() {}

    /** A server of its own for the caller, who closes it. */
    public static PostgresServer start(int majorVersion) {
        return start(majorVersion, Map.of());
    }

    /** The same, with settings on top of those that all test servers have. */
    public static PostgresServer start(int majorVersion, Map<String, String> settings) {
        return start(ServerRole.BLUE, majorVersion, settings);
    }

    /** The same, for a role: only servers of different roles are sure to have different system identifiers. */
    public static PostgresServer start(ServerRole role, int majorVersion, Map<String, String> settings) {
        return start(new ServerSpec(role, majorVersion, settings, false));
    }

    /** All servers of this JVM that are not closed, shared ones included; some of them may be stopped. */
    public static List<PostgresServer> running() {
        return RunningServers.all();
    }

    static PostgresServer start(ServerSpec spec) {
        return timed(() -> CONTAINERS ? ContainerServer.start(spec) : EmbeddedServer.start(spec));
    }

    /** From binaries of this machine, which no container has. */
    static PostgresServer start(ServerSpec spec, EmbeddedBinaries binaries) {
        return timed(() -> EmbeddedServer.start(spec, binaries));
    }

    private static PostgresServer timed(Supplier<PostgresServer> starter) {
        long startNanos = System.nanoTime();
        PostgresServer server = starter.get();
        LOG.info("Started {} in {} ms.", server, (System.nanoTime() - startNanos) / 1_000_000);
        return server;
    }

    private static boolean containers() {
        String asked = Optional.ofNullable(System.getProperty(SWITCH))
                .or(() -> Optional.ofNullable(System.getenv(SWITCH)))
                .orElse("auto");
        return switch (asked.toLowerCase(Locale.ROOT)) {
            case "embedded" -> false;
            case "containers" -> true;
            case "auto" -> DockerEngine.answers();
            default ->
                throw new IllegalArgumentException(
                        "%s is %s, expected embedded, containers or auto".formatted(SWITCH, asked));
        };
    }
}
