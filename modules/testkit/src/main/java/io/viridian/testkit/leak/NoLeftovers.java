package io.viridian.testkit.leak;

import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.Servers;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves behind a connection, slot, lock, prepared transaction, replication origin or setting on any
 * server of this JVM, or a thread whose name begins with {@code viridian-}. What was there before the test's own
 * preparation does not count; what goes away by itself within a moment does not either. For tests that do not run
 * beside others in the same JVM.
 */
public final class NoLeftovers implements BeforeEachCallback, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(NoLeftovers.class);
    private static final String THREAD_PREFIX = "viridian-";

    private final Duration patience;

    /** What there was before the test. */
    private record Before(Map<PostgresServer, ServerSnapshot> servers, Set<String> threads) {}

    public NoLeftovers() {
        this(Duration.ofSeconds(5));
    }

    /** @param patience how long a session or thread may take to end after whoever used it let it go */
    NoLeftovers(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws SQLException, IOException {
        Map<PostgresServer, ServerSnapshot> servers = new HashMap<>();
        for (PostgresServer server : Servers.running()) {
            if (server.running()) {
                servers.put(server, ServerSnapshot.ofServer(server));
            }
        }
        context.getStore(NAMESPACE).put(Before.class, new Before(servers, JvmThreads.named(THREAD_PREFIX)));
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException, IOException {
        Before before = context.getStore(NAMESPACE).remove(Before.class, Before.class);
        if (before == null) {
            return;
        }
        List<String> leftovers = new ArrayList<>();
        try {
            Await.until("nothing is left behind", patience, () -> {
                leftovers.clear();
                leftovers.addAll(leftovers(before));
                return leftovers.isEmpty();
            });
        } catch (AssertionError e) {
            String found = leftovers.isEmpty() ? String.valueOf(e.getCause()) : String.join("\n  ", leftovers);
            throw new AssertionError("the test left behind:\n  " + found, e.getCause());
        }
    }

    private static List<String> leftovers(Before before) throws SQLException, IOException {
        List<String> leftovers = new ArrayList<>();
        for (PostgresServer server : Servers.running()) {
            if (server.running()) {
                ServerSnapshot known = before.servers().get(server);
                ServerSnapshot base = known == null ? ServerSnapshot.ofSettings(server) : known;
                for (String leftover : ServerSnapshot.diff(base, ServerSnapshot.ofServer(server))) {
                    leftovers.add("on %s: %s".formatted(server, leftover));
                }
            }
        }
        Set<String> threads = JvmThreads.named(THREAD_PREFIX);
        threads.removeAll(before.threads());
        leftovers.addAll(threads);
        return leftovers;
    }
}
