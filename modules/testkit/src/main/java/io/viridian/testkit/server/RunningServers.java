package io.viridian.testkit.server;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every server of this JVM, so that none is forgotten when it ends. Any thread. */
final class RunningServers {

    private static final Logger LOG = LoggerFactory.getLogger(RunningServers.class);
    private static final Map<PostgresServer, Runnable> ALL = new ConcurrentHashMap<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(RunningServers::destroyAll, "testkit-stop-servers"));
    }

    private RunningServers() {}

    /** Remembers the server, and what ends it for good. */
    static void add(PostgresServer server, Runnable destroy) {
        ALL.put(server, destroy);
    }

    static void remove(PostgresServer server) {
        ALL.remove(server);
    }

    static List<PostgresServer> all() {
        return List.copyOf(ALL.keySet());
    }

    private static void destroyAll() {
        Map.copyOf(ALL).forEach((server, destroy) -> {
            try {
                destroy.run();
            } catch (RuntimeException e) {
                LOG.warn("{} did not stop in good order; the watching shell or Docker's reaper ends it.", server, e);
            }
        });
        try {
            Workplace.remove();
        } catch (IOException e) {
            LOG.warn("Files of test servers are left behind; the next JVM removes them.", e);
        }
    }
}
